"""Base tables: every class has its amount, by exactly one way; no row for a class that does not exist."""

from collections.abc import Collection
from datetime import date

from services.payroll.rules.document import Addition, Base, PolicyDocument, When
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.report import Report


def inspect(document: PolicyDocument, report: Report) -> None:
    """Dates, classes, criteria, proration, entitlement, additions."""
    _dates(document.effective_from, document.effective_to, report)
    report.unique(("classes",), map(str, document.classes), "kelas")
    report.unique(("criteria",), (one.code for one in document.criteria), "criterion")
    if document.basic is not None:
        _classes(document, document.basic, ("basic",), report)
    for at, criterion in enumerate(document.criteria):
        _base(document, criterion.base, ("criteria", at, "base"), report)
        for row, variant in enumerate(criterion.variants):
            path: Path = ("criteria", at, "variants", row)
            _base(document, variant.base, (*path, "base"), report, narrowed=variant.when.kelas)
            _reachable([one.when for one in criterion.variants[:row]], variant.when, path, report)
    report.unique(("entitlement",), (one.id for one in document.entitlement), "rule")
    for at, addition in enumerate(document.additions):
        _addition(document, addition, ("additions", at), report)


def _dates(start: date, end: date | None, report: Report) -> None:
    if end is not None and end < start:
        report.add(("effective_to",), "it ends before it begins", "Give it a day after effective_from")


def _base(
    document: PolicyDocument,
    base: Base,
    path: Path,
    report: Report,
    *,
    narrowed: Collection[int] | None = None,
) -> None:
    ways = {name: getattr(base, name) for name in Base.model_fields}
    if not report.one_of(path, ways, "base"):
        return
    name, table = next((name, value) for name, value in ways.items() if value is not None)
    if isinstance(table, dict):
        _classes(document, table, (*path, name), report, narrowed)
    if base.percent_of_basic is not None and document.basic is None:
        remedy = "Add the table `basic` with the basic TPP of every class"
        report.add((*path, name), "it is a share of the basic table, and there is none", remedy)


def _classes(
    document: PolicyDocument,
    table: Collection[int],
    path: Path,
    report: Report,
    narrowed: Collection[int] | None = None,
) -> None:
    for kelas in narrowed or document.classes:
        if kelas not in table:
            report.add(path, f"class {kelas} has no base", "Add its row; 0 says that nothing is paid")
    for kelas in table:
        if kelas not in (narrowed or document.classes):
            remedy = "Add the class to `classes`, or take the row out"
            report.add((*path, str(kelas)), f"the row of class {kelas} can never be reached", remedy)


def _reachable(earlier: list[When], when: When, path: Path, report: Report) -> None:
    for row, before in enumerate(earlier):
        if before in (when, When()):
            message = f"it can never be reached: variant {row + 1} takes everyone it would take"
            report.add(path, message, "Take it out, or put the narrower one first")
            return


def _addition(document: PolicyDocument, addition: Addition, path: Path, report: Report) -> None:
    ways = {name: getattr(addition, name) for name in ("acted_share", "acted_instead", "base_share", "rupiah")}
    report.one_of(path, ways, "addition")
    if (addition.acted_share is not None or addition.acted_instead) and addition.acting is None:
        remedy = "Say acting: [Plt], or give base_share or rupiah"
        report.add(path, "it pays for an acted post, but not for whom who acts", remedy)
    for name in ("minimum_months", "prorated", "level"):
        if getattr(addition, name) is not None and addition.acting is None:
            report.add((*path, name), "it is about acting, and the rule is not", "Say acting: [Plt], or take it out")
    if addition.prorated and addition.acted_instead:
        message = "a post paid instead of one's own is not paid for some days only"
        report.add((*path, "prorated"), message, "Take `prorated` out")
    if addition.acted_instead and addition.at != "base":
        report.add((*path, "at"), "an acted post's TPP instead of one's own enters the base", "Write at: base")
    if addition.criterion is not None and addition.criterion not in {one.code for one in document.criteria}:
        report.add((*path, "criterion"), f"there is no criterion {addition.criterion!r}", "Name one of criteria")
