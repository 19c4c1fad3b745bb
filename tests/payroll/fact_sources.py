"""Where every field of the facts comes from: an event, a file that two people stand behind, or payroll itself."""

from dataclasses import fields, is_dataclass

from services.payroll.rules import facts as vocabulary
from services.payroll.rules.circumstances import CircumstanceKind
from shared.events.activity import ActivityApproved, AttendanceDaySettled, PlanApproved
from shared.events.appraisal import AppraisalFinalized, AppraisalPeriodClosed
from shared.events.envelope import Event
from shared.events.identity import EmployeeChanged, PositionChanged

KINDS = [
    one
    for one in vars(vocabulary).values()
    if isinstance(one, type) and is_dataclass(one) and one.__module__.startswith(vocabulary.__name__)
]
ALL = {f"{kind.__name__}.{one.name}" for kind in KINDS for one in fields(kind)}

DAY, WORK, PERSON, POST = AttendanceDaySettled, ActivityApproved, EmployeeChanged, PositionChanged
# the field of the facts: the event it comes from, and its field there
FROM_EVENTS: dict[str, tuple[type[Event], str]] = {
    "Employee.id": (PERSON, "employee_id"),
    "Employee.nip": (PERSON, "nips"),
    "Employee.name": (PERSON, "name"),
    "Employee.status_asn": (PERSON, "statuses"),
    "Employee.golongan": (PERSON, "statuses"),
    "Employee.ptkp": (PERSON, "ptkp"),
    "Employee.appointed_on": (PERSON, "statuses"),
    "Employee.is_supervisor": (POST, "terms"),
    "Employee.assessed_staff": (AppraisalPeriodClosed, "evaluators_in_default"),
    "Segment.start": (PERSON, "assignments"),
    "Segment.end": (PERSON, "assignments"),
    "Segment.position": (POST, "terms"),
    "Segment.kelas": (POST, "terms"),
    "Segment.unit": (POST, "terms"),
    "Segment.attributes": (POST, "terms"),
    "Segment.is_supervisor": (POST, "terms"),
    "Segment.workdays": (DAY, "scheduled"),
    "ActivityDay.work_date": (WORK, "work_date"),
    "ActivityDay.minutes": (WORK, "minutes"),
    "ActivityDay.count": (WORK, "activity_id"),
    "ActivityDay.ids": (WORK, "activity_id"),
    "ActivityDay.kind": (WORK, "kind"),
    "ActivityDay.approved_on": (WORK, "occurred_at"),
    "AttendanceDay.work_date": (DAY, "work_date"),
    "AttendanceDay.late_minutes": (DAY, "late_minutes"),
    "AttendanceDay.early_minutes": (DAY, "early_minutes"),
    "AttendanceDay.out_minutes": (DAY, "out_minutes"),
    "AttendanceDay.permitted_minutes": (DAY, "permitted_out_minutes"),
    "AttendanceDay.stayed_minutes": (DAY, "actual_out_at"),
    "AttendanceDay.missing_in": (DAY, "missing_in"),
    "AttendanceDay.missing_out": (DAY, "missing_out"),
    "AttendanceDay.absence": (DAY, "presence"),
    "AttendanceDay.leave": (DAY, "leave_kind"),
    "AttendanceDay.letter": (DAY, "letter"),
    "AttendanceDay.inpatient": (DAY, "inpatient"),
    "AttendanceDay.duty": (DAY, "presence"),
    "AttendanceDay.after_holiday": (DAY, "scheduled"),
    "AttendanceDay.apel_expected": (DAY, "apel"),
    "AttendanceDay.apel_missed": (DAY, "apel"),
    "StaffMember.id": (PERSON, "assignments"),
    "StaffMember.minutes": (WORK, "minutes"),
    "StaffMember.workdays": (DAY, "scheduled"),
    "Acting.id": (PERSON, "assignments"),
    "Acting.capacity": (PERSON, "assignments"),
    "Acting.workdays": (DAY, "scheduled"),
    "Acting.since": (PERSON, "assignments"),
    "Acting.level": (POST, "terms"),
    "Acting.kelas": (POST, "terms"),
    "Facts.employee": (PERSON, "employee_id"),
    "Facts.segments": (PERSON, "assignments"),
    "Facts.acting": (PERSON, "assignments"),
    "Facts.workdays": (DAY, "scheduled"),
    "Facts.attendance": (DAY, "presence"),
    "Facts.ytd": (DAY, "presence"),
    "Facts.activities": (WORK, "minutes"),
    "Facts.staff": (WORK, "minutes"),
    "Facts.plan_exists": (PlanApproved, "plan_id"),
    "Facts.predikat": (AppraisalFinalized, "predikat"),
    "Facts.predikat_missing": (AppraisalPeriodClosed, "period"),
    "Facts.ratings": (AppraisalFinalized, "perilaku_kerja"),
}
# what no service states: a file that one person imports and another approves
STATED: dict[str, CircumstanceKind] = {
    "Employee.flags": CircumstanceKind.TANDA,
    "Employee.attributes": CircumstanceKind.ATRIBUT,
    "Segment.flags": CircumstanceKind.TANDA,
    "Segment.nilai_jabatan": CircumstanceKind.NILAI_JABATAN,
    "Acting.nilai_jabatan": CircumstanceKind.NILAI_JABATAN,
    **dict.fromkeys((name for name in ALL if name.startswith("Penalty.")), CircumstanceKind.HUKUMAN),
    **dict.fromkeys((name for name in ALL if name.startswith("Incident.")), CircumstanceKind.KEJADIAN),
    **dict.fromkeys((name for name in ALL if name.startswith("Instalment.")), CircumstanceKind.ANGSURAN),
    **dict.fromkeys((name for name in ALL if name.startswith("Exemption.")), CircumstanceKind.PENGECUALIAN),
    **dict.fromkeys((name for name in ALL if name.startswith("Release.")), CircumstanceKind.PELEPASAN),
    "Facts.penalties": CircumstanceKind.HUKUMAN,
    "Facts.incidents": CircumstanceKind.KEJADIAN,
    "Facts.instalments": CircumstanceKind.ANGSURAN,
    "Facts.exemptions": CircumstanceKind.PENGECUALIAN,
    "Facts.releases": CircumstanceKind.PELEPASAN,
    "Facts.scores": CircumstanceKind.SKOR,
    "Facts.amounts": CircumstanceKind.JUMLAH,
}
# what payroll keeps itself, by the fact and the class of its entries: the file of tests that follows it to a statement
OWN: dict[tuple[str, str], str] = {
    ("salary", "Salary"): "test_api_salaries.py",
    ("earlier", "Earlier"): "test_runs_kinds.py",
    ("tax_year", "TaxYear"): "test_tax_recap.py",
    ("consents", "Consent"): "test_tax_consents.py",
    ("carried", "Carried"): "test_worker_facts.py",
    ("held", "Held"): "test_api_circumstances.py",
    ("recoveries", "Recovery"): "test_worker_facts.py",
    ("corrections", "Correction"): "test_corrections.py",
    ("payment", "Payment"): "test_runs_kinds.py",
    ("tables", ""): "test_tax_tables.py",
}
# what a run has no need to say
CONSTANT = {
    "Facts.start": "the period's first day",
    "Facts.end": "the period's last day",
    "AttendanceDay.id": "a day is named by its date",
    "AttendanceDay.expected": "days off are left out",
}
