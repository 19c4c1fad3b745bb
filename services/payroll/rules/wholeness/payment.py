"""Tax and contributions: every golongan has a rate, every contribution an amount."""

from services.payroll.rules.document import Contribution, PolicyDocument
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.report import Report

PPPK = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    *("X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
)
EMPLOYERS_COLUMNS = ("iuran_pemberi_kerja", "jkk", "jkm", "tapera", "iuran_pensiun", "jht")
EMPLOYEES_COLUMNS = ("bpjs_1", "zakat", "bulog")


def inspect(document: PolicyDocument, report: Report) -> None:
    """The tax mode and the list of contributions."""
    tax = document.tax
    mapping = tax.pppk if isinstance(tax.pppk, dict) else {}
    if tax.mode == "final" and tax.pppk != "default":
        for golongan in PPPK:
            if golongan not in mapping:
                message = f"PPPK golongan {golongan} has no group for the final tax"
                remedy = "Map every golongan I to XVII to I, II, III or IV, or write pppk: default"
                report.add(("tax", "pppk"), message, remedy)
    elif tax.mode != "final" and tax.pppk is not None:
        report.add(("tax", "pppk"), f"mode {tax.mode} does not use golongan", "Take the mapping out")
    for golongan in mapping:
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
    if one.taxable and one.payer == "employee":
        report.add((*path, "taxable"), "what employees pay is income already", "Take `taxable` out")
    if one.column is not None and (one.column in EMPLOYEES_COLUMNS) is (one.payer == "employer"):
        remedy = f"For the {one.payer} write one of {', '.join(_columns(one.payer))}"
        report.add((*path, "column"), f"SIPD's column {one.column} is not for what the {one.payer} pays", remedy)
    if one.consent is not None and one.payer == "employer":
        report.add((*path, "consent"), "an employer's contribution needs no consent", "Take `consent` out")


def _columns(payer: str) -> tuple[str, ...]:
    return EMPLOYERS_COLUMNS if payer == "employer" else EMPLOYEES_COLUMNS
