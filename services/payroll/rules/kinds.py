"""Kinds of run: what each pays, to whom, on which month's facts, and which runs must be finished before it.

induk       everybody's month, on reconciled closings; early: before the month ends, at 100 %
susulan     the same month for those whom its induk run left out
kekurangan  what paid months were recomputed to come to more, as a run of its own
terusan     the last month in service, to the heirs, for the months the policy says
thr, tpp13  a share of a month's TPP, as the policy grants it for the year
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from services.payroll.rules.corrections import EARLY
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.document.runs import Occasion, Paid
from services.payroll.rules.facts import Exemption, Facts, Payment
from services.payroll.rules.lifecycle import FINAL_STATES, RunState
from shared.errors import Refused
from shared.money import parse_percent, percent_text
from shared.period import period, period_of
from shared.words import RunKind

MONTHLY = (RunKind.INDUK, RunKind.SUSULAN)
"""Kinds that pay a month's own TPP, and with it what is carried over."""
CORRECTING = (*MONTHLY, RunKind.KEKURANGAN, RunKind.TERUSAN)
"""Kinds that pay and take back differences of earlier months; terusan those of whom no other kind pays any more."""
OCCASIONAL = (RunKind.THR, RunKind.TPP13)
UNDER_WAY = (RunState.RECONCILED, RunState.CALCULATED, RunState.VERIFIED)


class Standing(NamedTuple):
    """A run as far as others must wait for it."""

    run_id: UUID
    period: str
    kind: str
    state: str

    @property
    def under_way(self) -> bool:
        """Neither approved nor given up."""
        return self.state not in (*FINAL_STATES, RunState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Terms:
    """What grants a run beside the month's own, frozen with the run. of: the month whose facts count."""

    kind: Literal["early", "thr", "tpp13", "terusan", "kekurangan"]
    rule: str
    name: str
    article: str
    of: str
    share: str = "100 %"
    contributions: bool = False
    tax_borne_by: Literal["employee", "region"] | None = None
    performance: Literal["full", "as_appraised"] = "full"
    months: int = 0
    policy: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def terms_from(data: Mapping[str, Any] | None) -> Terms | None:
    """The terms as a run keeps them."""
    return None if data is None else Terms(**data)


def terms_of(document: PolicyDocument, policy: str, kind: RunKind, code: str, *, early: bool) -> Terms | None:
    """What the policy in force (`policy`: its hash) grants for a run of this kind; None where it needs no grant.

    Raises Refused where the policy does not say that the region pays it.
    """
    runs = document.runs
    if kind in MONTHLY:
        rule = runs.early if runs and early else None
        if early and (rule is None or int(code[5:]) not in rule.months):
            raise Refused(
                f"the policy in force does not let {code} be paid before it is closed: "
                f"close it, or name month {int(code[5:])} under runs.early"
            )
        return Terms("early", rule.id, rule.name, rule.article, code, policy=policy) if rule else None
    if kind is RunKind.KEKURANGAN:
        return Terms(
            "kekurangan", "kekurangan", "Kekurangan TPP", "", code, share="0 %", contributions=True, policy=policy
        )
    if kind is RunKind.TERUSAN:
        if runs is None or runs.terusan is None:
            raise Refused("the policy in force says nothing of terusan: add runs.terusan with its article")
        return _granted(kind, runs.terusan, code, months=runs.terusan.months, policy=policy)
    named = () if runs is None else runs.thr if kind is RunKind.THR else runs.tpp13
    occasion = next((one for one in named if one.period == code), None)
    if occasion is None:
        raise Refused(f"the policy in force says nothing of {kind} for {code}: add it to runs.{kind} with its article")
    return _granted(kind, occasion, base_month(occasion), performance=occasion.performance, policy=policy)


def _granted(kind: RunKind, paid: Paid, of: str, **more: Any) -> Terms:
    share = percent_text(paid.share.numerator, paid.share.denominator)
    return Terms(
        kind.value,  # type: ignore[arg-type]  # the four kinds that reach here are those of Terms
        paid.id,
        paid.name,
        paid.article,
        of,
        share=share,
        contributions=paid.contributions,
        tax_borne_by=paid.tax_borne_by,
        **more,
    )


def base_month(occasion: Occasion) -> str:
    """The month whose posts and classes count: the one named, else the month before the payment."""
    return occasion.of or before(occasion.period)


def before(code: str) -> str:
    """The month before."""
    year, month = int(code[:4]), int(code[5:])
    return f"{year - (month == 1):04d}-{(month - 2) % 12 + 1:02d}"


def require_way_free(kind: RunKind, code: str, runs: Iterable[Standing]) -> None:
    """No run stands in the way of a new one. Raises Refused, naming the run and what to do.

    What an earlier month carries over, and what is open of corrections, must be known before the next is frozen.
    """
    held = [run for run in runs if run.state != RunState.CANCELLED]
    same = [run for run in held if run.period == code and run.kind == kind]
    if kind is RunKind.INDUK and same:
        raise Refused(
            f"{code} has its induk run already, which is {same[0].state}: what was paid stays; "
            "those it left out are paid by a run of kind susulan, what it paid too little by kekurangan",
            run_id=str(same[0].run_id),
        )
    if kind in CORRECTING:
        _require_corrections_settled(kind, code, held)
    if kind is RunKind.SUSULAN:
        _require_induk(code, held)
    unfinished = next((run for run in same if run.under_way), None)
    if unfinished is not None:
        raise Refused(
            f"a run of kind {kind} of {code} is {unfinished.state}: finish it, or cancel it first",
            run_id=str(unfinished.run_id),
        )


def _require_corrections_settled(kind: RunKind, code: str, held: Sequence[Standing]) -> None:
    for run in held:
        if not run.under_way or run.kind not in CORRECTING:
            continue
        earlier = run.period < code
        if earlier or RunKind.KEKURANGAN in (kind, run.kind):
            raise Refused(
                f"the run of {run.period} ({run.kind}) is still {run.state}: approve or cancel it first, "
                f"because what it carries over or takes back is not known before",
                run_id=str(run.run_id),
            )


def _require_induk(code: str, held: Sequence[Standing]) -> None:
    of_month = [run for run in held if run.period == code and run.kind in MONTHLY]
    unfinished = next((run for run in of_month if run.under_way), None)
    if unfinished is not None or not of_month:
        raise Refused(
            f"a susulan run of {code} pays those whom the approved runs left out: "
            + (f"finish run {unfinished.run_id} first" if unfinished else "there is no induk run yet")
        )


def months_after(left_on: date, code: str) -> int:
    """How many months a month comes after the last one with a day of service (1: the month after it)."""
    last = _last_in_service(left_on)
    return (int(code[:4]) - int(last[:4])) * 12 + int(code[5:]) - int(last[5:])


def _last_in_service(left_on: date) -> str:
    """The month of the day before `left_on`, the first day no longer employed."""
    first_day = period_of(left_on).first_day
    return before(f"{left_on:%Y-%m}") if left_on == first_day else f"{left_on:%Y-%m}"


def last_full_month(left_on: date) -> str:
    """The last month served from the first to the last day: the one whose TPP is carried on."""
    return before(f"{left_on:%Y-%m}")


def at_full(facts: Facts, parts: Sequence[str], terms: Terms) -> Facts:
    """The facts as if attendance and performance were 100 %: every part counts as filled, no day costs anything.

    A month paid early keeps decisions (penalties, instalments, incidents); THR, TPP-13 and terusan take nothing
    of them: the yearly PP frees them from deductions other than tax.
    """
    early = terms.kind == "early"
    filled = Exemption(
        id=EARLY if early else f"penuh-{terms.kind}",
        covers=tuple(f"part:{code}" for code in parts),
        start=facts.start,
        end=facts.end,
        author=f"policy {terms.policy[:12]}",
        reason=f"{terms.name} ({terms.article})"[:300],
    )
    kept = facts if early else replace(facts, penalties=(), incidents=(), instalments=())
    return replace(
        kept,
        employee=replace(facts.employee, assessed_staff=True),
        predikat=None,
        predikat_missing="not_due",
        activities=(),
        attendance=(),
        ytd={},
        exemptions=(*facts.exemptions, filled),
    )


def paid_by(facts: Facts, terms: Terms, code: str) -> Facts:
    """The facts of a run beside the month's own, paid in month `code`: nothing is carried over or released by it."""
    if terms.kind == "early":
        return facts
    payment = Payment(
        kind=terms.kind,
        rule=terms.rule,
        name=terms.name,
        article=terms.article,
        period=code,
        share=parse_percent(terms.share),
        contributions=terms.contributions,
        tax_borne_by=terms.tax_borne_by,
    )
    corrections = facts.corrections if terms.kind in CORRECTING else ()
    return replace(facts, payment=payment, carried=(), held=(), releases=(), recoveries=(), corrections=corrections)


def first_day(code: str) -> date:
    """Of a month; the policy in force on it holds for the whole month."""
    return period(code).first_day
