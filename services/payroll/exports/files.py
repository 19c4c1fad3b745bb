"""The files of a run by name: what each is made by, and what kind of file it is."""

from collections.abc import Callable, Mapping
from typing import Literal

from services.payroll.exports.pdf.lists import nominative_pdf, nominative_zip, recap_pdf
from services.payroll.exports.records import Exported
from services.payroll.exports.settings import ExportSettings
from services.payroll.exports.sipd import sipd_workbook
from services.payroll.exports.tabular import bpjs_workbook, tax_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
ZIP = "application/zip"
Kind = Literal["sipd.xlsx", "nominative.pdf", "nominative.zip", "recap.pdf", "tax.xlsx", "bpjs.xlsx"]
FILES: Mapping[Kind, Callable[[Exported, ExportSettings], bytes]] = {
    "sipd.xlsx": sipd_workbook,
    "nominative.pdf": nominative_pdf,
    "nominative.zip": nominative_zip,
    "recap.pdf": recap_pdf,
    "tax.xlsx": lambda run, _: tax_workbook(run),
    "bpjs.xlsx": lambda run, _: bpjs_workbook(run),
}


def media_type(name: str) -> str:
    """By the end of the name."""
    return {"pdf": PDF, "zip": ZIP}.get(name.rpartition(".")[2], XLSX)


def stem(run: Exported) -> str:
    """What the names of a run's files begin with."""
    return f"tpp-{run.tenant_id}-{run.period}-{run.kind}"
