"""Tax and contributions: every golongan has a rate, every contribution an amount."""

from services.payroll.rules.document import Contribution, PolicyDocument
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.report import Report

PPPK = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    *("X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
)


def inspect(document: PolicyDocument, report: Report) -> None:
    """The tax mode and the list of contributions."""
    tax = document.tax
    if tax.mode == "final":
        for golongan in PPPK:
            if golongan not in (tax.pppk or {}):
                message = f"PPPK golongan {golongan} has no group for the final tax"
                report.add(("tax", "pppk"), message, "Map every golongan I to XVII to I, II, III or IV")
    elif tax.pppk is not None:
        report.add(("tax", "pppk"), f"mode {tax.mode} does not use golongan", "Take the mapping out")
    for golongan in tax.pppk or {}:
        if golongan not in PPPK:
            report.add(("tax", "pppk", golongan), "PPPK has no such golongan", "Write I to XVII")
    if tax.settlement == "pasal17" and tax.mode != "ter":
        report.add(("tax", "settlement"), "only TER is settled by Pasal 17", "Write settlement: none")
    report.unique(("contributions",), (one.id for one in document.contributions), "contribution")
    for at, one in enumerate(document.contributions):
        _contribution(one, ("contributions", at), report)


def _contribution(one: Contribution, path: Path, report: Report) -> None:
    report.one_of(path, {name: getattr(one, name) for name in ("scheme", "rate", "rupiah")}, "contribution")
    if one.floor is not None and one.scheme is None:
        report.add((*path, "floor"), "only a scheme has a floor of its base", "Take `floor` out")
    if one.of == "tpp_after_tax" and one.payer == "employer":
        report.add((*path, "of"), "an employer's contribution does not depend on tax", "Write of: tpp")
