"""One valid event of every type, from which tests make others."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from shared.events import Event
from shared.events import activity as a
from shared.events import allowance as w
from shared.events import appraisal as p
from shared.events import identity as i
from shared.events import payroll as y
from shared.words import (
    Apel,
    AssignmentKind,
    Capacity,
    JenisJabatan,
    Predikat,
    Presence,
    Rating,
    RunKind,
    StatusAsn,
    TenantKind,
    UnitKind,
)

TENANT = "19.05"
AT = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
BUDI = UUID("11111111-1111-4111-8111-111111111111")
SITI = UUID("22222222-2222-4222-8222-222222222222")
UNIT = UUID("33333333-3333-4333-8333-333333333333")
POSITION = UUID("44444444-4444-4444-8444-444444444444")
RESULT = UUID("55555555-5555-4555-8555-555555555555")
ACTIVITY = UUID("66666666-6666-4666-8666-666666666666")
RUN = UUID("77777777-7777-4777-8777-777777777777")
DIGEST = "ab" * 32
SAID = {"tenant_id": TENANT, "occurred_at": AT}

BANK = i.BankAccount(bank_code="120", bank_name="BPD Sumsel Babel", number="1500012345", holder="Budi Santoso")
TOTALS = y.RunTotals(count=1, gross=3_748_000, deductions=126_960, net=3_621_040, hash_total="1500012345")
RUN_OF = {"run_id": RUN, "period": "2026-03", "kind": RunKind.INDUK}
HASHES = {"policy_hash": DIGEST, "inputs_hash": DIGEST, "statement_hash": DIGEST}
HELD = (p.EmployeeCount(employee_id=BUDI, records=41, amount=6_300),)
ASKED = {"owner": "activity", "period": "2026-03", "close_seq": 1, "upto": BUDI, "held": HELD}

SAMPLES: tuple[Event, ...] = (
    i.TenantConfigured(**SAID, name="Kabupaten Bangka Barat", kind=TenantKind.KABUPATEN, zone="Asia/Jakarta"),
    i.UnitChanged(
        **SAID, unit_id=UNIT, code="1.01.01", name="Dinas Pendidikan", kind=UnitKind.OPD, active_from=date(2020, 1, 1)
    ),
    i.PositionChanged(
        **SAID,
        position_id=POSITION,
        code="1.01.01.07",
        terms=(
            i.PositionTerm(
                valid_from=date(2020, 1, 1),
                name="Analis Kurikulum",
                jenis_jabatan=JenisJabatan.PELAKSANA,
                kelas_jabatan=7,
                unit_id=UNIT,
                reports_to=UUID(int=POSITION.int + 1),
            ),
        ),
    ),
    i.EmployeeChanged(
        **SAID,
        employee_id=BUDI,
        name="Budi Santoso",
        birth_date=date(1986, 9, 26),
        nips=(i.NipTerm(valid_from=date(2015, 5, 1), nip="198609262015051001"),),
        statuses=(i.StatusTerm(valid_from=date(2015, 5, 1), status_asn=StatusAsn.PNS, golongan="III/c"),),
        assignments=(
            i.Assignment(
                assignment_id=UUID(int=BUDI.int + 1),
                position_id=POSITION,
                kind=AssignmentKind.DEFINITIF,
                valid_from=date(2020, 1, 1),
            ),
        ),
        ptkp="K/1",
        bank=BANK,
    ),
    i.SessionRevoked(**SAID, account_id=SITI, issued_before=AT, reason="logged out"),
    a.PlanApproved(
        **SAID,
        employee_id=BUDI,
        plan_id=UUID(int=RESULT.int + 1),
        position_id=POSITION,
        first_day=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
        approach="kuantitatif",
        results=(
            a.Result(
                result_id=RESULT,
                kind="utama",
                text="Kurikulum muatan lokal tersusun",
                indicators=(
                    a.Indicator(
                        indicator_id=UUID(int=RESULT.int + 2),
                        aspect="kuantitas",
                        text="Jumlah dokumen",
                        target=Decimal(12),
                        unit="dokumen",
                    ),
                ),
            ),
        ),
        approved_by=SITI,
        capacity=Capacity.DEFINITIF,
    ),
    a.ActivityApproved(
        **SAID,
        employee_id=BUDI,
        activity_id=ACTIVITY,
        work_date=date(2026, 3, 30),
        period="2026-03",
        minutes=300,
        result_id=RESULT,
        quantity=Decimal("1.5"),
        quantity_unit="dokumen",
        approved_by=SITI,
        capacity=Capacity.PLT,
        salt=DIGEST,
    ),
    a.ApprovalWithdrawn(
        **SAID,
        version=2,
        employee_id=BUDI,
        activity_id=ACTIVITY,
        work_date=date(2026, 3, 30),
        period="2026-03",
        withdrawn_by=SITI,
        reason="salah tanggal",
    ),
    a.AttendanceDaySettled(
        **SAID,
        employee_id=BUDI,
        work_date=date(2026, 3, 30),
        period="2026-03",
        scheduled=True,
        presence=Presence.PRESENT,
        expected_in_at=AT,
        expected_out_at=AT,
        actual_in_at=AT,
        late_minutes=12,
        missing_out=True,
        apel=Apel.MISSED,
        salt=DIGEST,
    ),
    a.PeriodClosed(
        **SAID,
        period="2026-03",
        close_seq=1,
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 31),
        totals=a.PeriodTotals(activities=110, minutes=6_600, attendance_days=21, employees=1),
        root=DIGEST,
        closed_by=SITI,
    ),
    a.PeriodReopened(**SAID, version=2, period="2026-03", close_seq=1, reason="absen UPT menyusul", reopened_by=SITI),
    p.AppraisalFinalized(
        **SAID,
        employee_id=BUDI,
        period="2026-03",
        hasil_kerja=Rating.SESUAI,
        perilaku_kerja=Rating.DI_ATAS,
        predikat=Predikat.BAIK,
        evaluator_id=SITI,
        capacity=Capacity.DEFINITIF,
        salt=DIGEST,
    ),
    p.AppraisalPeriodClosed(
        **SAID,
        period="2026-03",
        close_seq=1,
        activity_close_seq=1,
        totals=p.AppraisalTotals(employees=1, appraisals=1, by_predikat={Predikat.BAIK: 1}),
        root=DIGEST,
        closed_by=SITI,
    ),
    p.ReconciliationRequested(**SAID, **ASKED),
    y.PayrollReconciliationRequested(**SAID, **ASKED),
    y.AllowanceCalculated(
        **SAID, **RUN_OF, **HASHES, employee_id=BUDI, gross=3_748_000, deductions=126_960, net=3_621_040
    ),
    y.RunClosed(**SAID, **RUN_OF, totals=TOTALS, root=DIGEST, activity_close_seq=1, appraisal_close_seq=1),
    y.RunApproved(**SAID, **RUN_OF, totals=TOTALS, verified_by=SITI, approved_by=UUID(int=SITI.int + 1)),
    w.AllowanceFinalized(
        **SAID,
        **RUN_OF,
        **HASHES,
        feed_sequence=1,
        employee_id=BUDI,
        nip="198609262015051001",
        name="Budi Santoso",
        unit="Dinas Pendidikan",
        bank=BANK,
        gross=3_748_000,
        deductions=126_960,
        net=3_621_040,
        lines=(w.AllowanceLine(code="pph21", text="PPh 21", amount=-89_480),),
    ),
    w.AllowanceRunFinalized(**SAID, **RUN_OF, totals=TOTALS, digest=DIGEST, first_sequence=1, last_sequence=1),
    w.AllowanceAcknowledged(
        **SAID,
        run_id=RUN,
        period="2026-03",
        count=1,
        net=3_621_040,
        hash_total="1500012345",
        digest=DIGEST,
        booked_by="BPKAD Bangka Barat",
    ),
)
BY_CLASS = {type(sample): sample for sample in SAMPLES}
