"""Setting a region's bank template or export settings: checked whole, kept by content, the newest in use."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.payroll.exports.bank import BankTemplate
from services.payroll.exports.documents import hash_of, read_document
from services.payroll.inputs.export_documents import BANK, SETTINGS
from services.payroll.tables import ExportDocumentRow
from shared.unit_of_work import UnitOfWork


async def set_document(uow: UnitOfWork, *, text: str, by: UUID, now: datetime) -> ExportDocumentRow:
    """Put a document in use from now on. Files made before keep what they were made by. Raises Invalid."""
    document = read_document(text)
    is_template = isinstance(document, BankTemplate)
    values = {
        "tenant_id": uow.tenant_id,
        "hash": hash_of(document),
        "kind": BANK if is_template else SETTINGS,
        "name": document.name if isinstance(document, BankTemplate) else SETTINGS,
        "document": text,
        "set_by": by,
        "set_at": now,
    }
    statement = insert(ExportDocumentRow).values(values)
    # set again after another, it is in use again
    again = {"set_by": by, "set_at": now}
    await uow.session.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "hash"], set_=again))
    key = (uow.tenant_id, values["hash"])
    return await uow.session.get_one(ExportDocumentRow, key, populate_existing=True)
