"""Payroll's tables: rows hold data only."""

from services.payroll.tables.appraisals import AppraisalPeriodRow, AppraisalResultRow
from services.payroll.tables.base import Base
from services.payroll.tables.checkpoints import CheckpointRow
from services.payroll.tables.circumstances import CircumstanceFileRow, CircumstanceRow, CircumstanceState
from services.payroll.tables.consents import ConsentRow
from services.payroll.tables.corrections import (
    CauseKind,
    CorrectionCauseRow,
    CorrectionChunkRow,
    CorrectionLineRow,
    CorrectionRow,
    CorrectionSetAsideRow,
    CorrectionStage,
)
from services.payroll.tables.limits import LimitKind, LimitRow
from services.payroll.tables.payments import AnswerFileRow, BankFileRow, ExportDocumentRow, PaymentRow
from services.payroll.tables.policies import PolicyRow, PolicyState
from services.payroll.tables.runs import (
    RunChunkRow,
    RunHistoryRow,
    RunInputRow,
    RunRow,
    RunSetAsideRow,
    Stage,
)
from services.payroll.tables.salaries import SalaryRow
from services.payroll.tables.statements import AcknowledgementRow, AllowanceRow, FeedRow, StatementRow
from services.payroll.tables.what_if import WhatIfRow

__all__ = [
    "AcknowledgementRow",
    "AllowanceRow",
    "AnswerFileRow",
    "AppraisalPeriodRow",
    "AppraisalResultRow",
    "BankFileRow",
    "Base",
    "CauseKind",
    "CheckpointRow",
    "CircumstanceFileRow",
    "CircumstanceRow",
    "CircumstanceState",
    "ConsentRow",
    "CorrectionCauseRow",
    "CorrectionChunkRow",
    "CorrectionLineRow",
    "CorrectionRow",
    "CorrectionSetAsideRow",
    "CorrectionStage",
    "ExportDocumentRow",
    "FeedRow",
    "LimitKind",
    "LimitRow",
    "PaymentRow",
    "PolicyRow",
    "PolicyState",
    "RunChunkRow",
    "RunHistoryRow",
    "RunInputRow",
    "RunRow",
    "RunSetAsideRow",
    "SalaryRow",
    "Stage",
    "StatementRow",
    "WhatIfRow",
]
