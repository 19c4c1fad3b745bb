"""Runs beside the month's own: each month once, in the policy's time, a share that pays something."""

from collections.abc import Sequence

from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.document.runs import Occasion, Paid
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.report import Report


def inspect(document: PolicyDocument, report: Report) -> None:
    """THR, TPP-13, early months, terusan and recoveries."""
    runs = document.runs
    if runs is None:
        return
    _occasions(runs.thr, ("runs", "thr"), document, report)
    _occasions(runs.tpp13, ("runs", "tpp13"), document, report)
    if runs.early is not None:
        report.unique(("runs", "early", "months"), map(str, runs.early.months), "month")
    if runs.terusan is not None:
        _share(runs.terusan, ("runs", "terusan"), report)
    if runs.recovery is not None and runs.recovery.at_most == 0:
        message = "nothing paid too much would ever be taken back"
        report.add(("runs", "recovery", "at_most"), message, "Give a share above 0 %")


def _occasions(occasions: Sequence[Occasion], path: Path, document: PolicyDocument, report: Report) -> None:
    report.unique(path, (one.id for one in occasions), "rule")
    report.unique(path, (one.period for one in occasions), "month")
    first = f"{document.effective_from:%Y-%m}"
    last = f"{document.effective_to:%Y-%m}" if document.effective_to else "9999-12"
    for at, one in enumerate(occasions):
        _share(one, (*path, at), report)
        if not first <= one.period <= last:
            remedy = "Put it into the policy in force in that month"
            report.add((*path, at, "period"), f"this policy is not in force in {one.period}", remedy)
        if one.of is not None and one.of > one.period:
            message = f"it would be paid in {one.period} on the posts of {one.of}, which comes later"
            report.add((*path, at, "of"), message, "Name an earlier month, or the same")


def _share(paid: Paid, path: Path, report: Report) -> None:
    if paid.share == 0:
        report.add((*path, "share"), "it pays nothing", "Give a share above 0 %, or take the entry out")
