"""A region of any size with its month of October 2026 as payroll's handlers would have left it, made inside PostgreSQL.

Everybody works 22 workdays with five activities each; on a third of the days something happens: an apel on Mondays,
lateness, early leaving, missing punches, leave, duty, absence. Which, follows from hashes, so that every seeding is the
same. Ids are random, and activities lie in the order of their days, as they do where they come day by day.
"""

# mypy: allow-untyped-calls
# asyncpg is untyped
from collections.abc import Iterator

import asyncpg

TENANT, PERIOD = "19.05", "2026-10"
A_DAY = 5
_SPAN = 21  # a superior and twenty of staff, one unit

_PEOPLE = """
CREATE UNLOGGED TABLE bench_people AS
SELECT n, md5('employee' || n)::uuid AS employee_id, md5('position' || n)::uuid AS position_id,
       md5('unit' || n / {span})::uuid AS unit_id,
       CASE WHEN n = 0 THEN NULL WHEN n % {span} = 0 THEN md5('position0')::uuid
            ELSE md5('position' || n / {span} * {span})::uuid END AS superior,
       format('19%s%s%s201001%s%s', 70 + n / 3650 % 25, lpad((1 + n % 12)::text, 2, '0'),
              lpad((1 + n % 28)::text, 2, '0'), 1 + n % 2, lpad((n % 1000)::text, 3, '0')) AS nip,
       CASE WHEN n % {span} = 0 THEN 9 + n % 4 ELSE 5 + abs(hashint4(n)) % 5 END AS kelas,
       CASE abs(hashint4(n + 1)) % 20 WHEN 0 THEN 'CPNS' WHEN 1 THEN 'PPPK' WHEN 2 THEN 'PPPK' ELSE 'PNS' END AS status,
       (ARRAY['TK/0', 'TK/1', 'K/0', 'K/1', 'K/2', 'K/3'])[1 + abs(hashint4(n + 2)) % 6] AS ptkp,
       3000000 + abs(hashint4(n + 3)) % 2000 * 1000 AS gaji
FROM generate_series(0, {people} - 1) AS n;
CREATE UNLOGGED TABLE bench_days AS
SELECT p.n, p.employee_id, d::date AS work_date, extract(isodow FROM d) < 6 AS scheduled,
       extract(isodow FROM d) = 1 AS monday, abs(hashint4(p.n * 31 + extract(day FROM d)::integer)) AS h
FROM bench_people p CROSS JOIN generate_series('2026-10-01'::date, '2026-10-31', '1 day') AS d ORDER BY d, p.n
"""

_DIRECTORY = """
INSERT INTO identity_tenants (tenant_id, name, kind, zone, version)
VALUES ('{tenant}', 'Kabupaten Bangka Barat', 'kabupaten', 'Asia/Jakarta', 1);
INSERT INTO identity_units (tenant_id, unit_id, code, name, kind, active_from, version)
SELECT DISTINCT ON (unit_id) '{tenant}', unit_id, '1.' || n / {span}, 'Dinas ' || n / {span}, 'opd',
       '2020-01-01'::date, 1
FROM bench_people;
INSERT INTO identity_positions (tenant_id, position_id, code, version)
SELECT '{tenant}', position_id, 'P' || n, 1 FROM bench_people;
INSERT INTO identity_position_terms
    (tenant_id, position_id, valid_from, name, jenis_jabatan, kelas_jabatan, unit_id, reports_to)
SELECT '{tenant}', position_id, '2020-01-01', 'Analis ' || n % 97, 'pelaksana', kelas, unit_id, superior
FROM bench_people;
INSERT INTO identity_assignments (tenant_id, assignment_id, employee_id, position_id, kind, valid_from)
SELECT '{tenant}', md5('assignment' || n)::uuid, employee_id, position_id, 'definitif', '2020-01-01' FROM bench_people;
INSERT INTO identity_employees (tenant_id, employee_id, name, nip, state, version)
SELECT '{tenant}', employee_id, 'Pegawai ' || n, nip, jsonb_build_object(
    'employee_id', employee_id, 'name', 'Pegawai ' || n, 'birth_date', '1975-05-05', 'ptkp', ptkp, 'left_on', NULL,
    'nips', jsonb_build_array(jsonb_build_object('valid_from', '2010-01-01', 'nip', nip)),
    'statuses', jsonb_build_array(jsonb_build_object('valid_from', '2010-01-01', 'status_asn', status,
        'golongan', CASE status WHEN 'PPPK' THEN 'IX' ELSE (ARRAY['II/c', 'III/a', 'III/d', 'IV/a'])[1 + n % 4] END)),
    'assignments', jsonb_build_array(jsonb_build_object('assignment_id', md5('assignment' || n)::uuid,
        'position_id', position_id, 'kind', 'definitif', 'valid_from', '2020-01-01', 'valid_to', NULL)),
    'npwp', lpad(n::text, 15, '0'), 'nik', lpad(n::text, 16, '1'),
    'bank', jsonb_build_object('bank_code', '120', 'bank_name', 'BPD Sumsel Babel', 'holder', 'Pegawai ' || n,
        'number', '15' || lpad(n::text, 8, '0'))), 1
FROM bench_people
"""

_MONTH = """
INSERT INTO activity_plans (tenant_id, plan_id, employee_id, first_day, last_day, state, version)
SELECT '{tenant}', md5('plan' || n)::uuid, employee_id, '2026-01-01', '2026-12-31', '{{}}', 1 FROM bench_people;
INSERT INTO activity_days (tenant_id, employee_id, work_date, period, scheduled, presence, leave_kind, late_minutes,
    early_minutes, missing_in, missing_out, apel, version, leaf)
SELECT '{tenant}', employee_id, work_date, '{period}', scheduled,
       CASE WHEN NOT scheduled THEN 'off' WHEN h % 100 = 0 THEN 'absent' WHEN h % 100 < 4 THEN 'leave'
            WHEN h % 100 < 6 THEN 'duty' ELSE 'present' END,
       CASE WHEN scheduled AND h % 100 BETWEEN 1 AND 3 THEN 'tahunan' END,
       CASE WHEN scheduled AND h % 100 BETWEEN 6 AND 17 THEN 1 + h / 100 % 90 ELSE 0 END,
       CASE WHEN scheduled AND h % 100 BETWEEN 16 AND 19 THEN 1 + h / 100 % 40 ELSE 0 END,
       scheduled AND h % 100 = 20, scheduled AND h % 100 = 21,
       CASE WHEN NOT monday THEN 'none' WHEN h % 100 < 6 THEN 'none' WHEN h % 20 = 7 THEN 'missed' ELSE 'attended' END,
       1, sha256(decode(md5(employee_id::text || work_date), 'hex'))
FROM bench_days;
INSERT INTO appraisal_results (tenant_id, period, employee_id, predikat, evaluator_id, version, leaf)
SELECT '{tenant}', '{period}', employee_id, CASE n % 7 WHEN 0 THEN 'sangat_baik' ELSE 'baik' END, employee_id, 1,
       sha256(decode(md5(employee_id::text), 'hex')) FROM bench_people;
INSERT INTO salaries (tenant_id, period, employee_id, gross, tax, bpjs_base, gaji_pokok, imported_by, imported_at)
SELECT '{tenant}', '{period}', employee_id, gaji * 13 / 10, 0, gaji * 12 / 10, gaji, employee_id, now()
FROM bench_people;
INSERT INTO appraisal_periods (tenant_id, period, close_seq, activity_close_seq, state, employees, appraisals,
    by_predikat, root, evaluators_in_default)
VALUES ('{tenant}', '{period}', 1, 1, 'reconciled', {people}, {people}, '{{}}', sha256(''), '{{}}');
INSERT INTO activity_periods (tenant_id, period, first_day, last_day, close_seq, state, activities, minutes,
    attendance_days, employees, root)
VALUES ('{tenant}', '{period}', '2026-10-01', '2026-10-31', 1, 'reconciled', 0, 0, 0, {people}, sha256(''))
"""

_ACTIVITIES = """
INSERT INTO activity_records (tenant_id, activity_id, employee_id, period, work_date, minutes, result_id, version, leaf)
SELECT '{tenant}', md5(d.n || '/' || work_date || '/' || number)::uuid, employee_id, '{period}', work_date,
       55 + (h / 7 + number) % 20, employee_id, 1, sha256(int4send(h + number))
FROM bench_days d CROSS JOIN generate_series(1, {a_day}) AS number
WHERE scheduled AND NOT (h % 100 < 4) ORDER BY work_date, d.n
"""

_END = """
DROP TABLE bench_people;
DROP TABLE bench_days
"""


async def seed(url: str, people: int) -> None:
    """Fill payroll's migrated, empty database. `url`: postgresql:// of a superuser, whom row-level security lets."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET work_mem = '64MB'; SET maintenance_work_mem = '512MB'")
        for statement in _filled(people, _PEOPLE, _DIRECTORY, _MONTH):
            await connection.execute(statement)
        await _activities(connection, people)
        for statement in _filled(people, _END):
            await connection.execute(statement)
    finally:
        await connection.close()
    await _settle(url)


async def _activities(connection: asyncpg.Connection, people: int) -> None:
    """Without indexes, which are then made from what is there: with them eleven million rows take many minutes."""
    [insert] = _filled(people, _ACTIVITIES)
    index = await connection.fetchrow(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'activity_records'::regclass AND contype = 'p'"
    )
    others = await connection.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'activity_records' AND indexname <> $1", index[0]
    )
    await connection.execute(f"ALTER TABLE activity_records DROP CONSTRAINT {index[0]}")
    for name, _ in others:
        await connection.execute(f"DROP INDEX {name}")
    await connection.execute(insert)
    await connection.execute(f"ALTER TABLE activity_records ADD CONSTRAINT {index[0]} {index[1]}")
    for _, definition in others:
        await connection.execute(definition)


async def _settle(url: str) -> None:
    """Statistics, and nothing of the seeding left to be written while something is measured."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


def _filled(people: int, *scripts: str) -> Iterator[str]:
    given = {"tenant": TENANT, "period": PERIOD, "people": people, "span": _SPAN, "a_day": A_DAY}
    return (statement for script in scripts for statement in script.format(**given).split(";\n"))
