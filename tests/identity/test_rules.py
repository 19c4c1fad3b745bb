"""What identity decides, without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.identity.rules import access, fields, passwords, people, structure
from shared.auth.policy import Role
from shared.errors import Refused
from shared.events.identity import Assignment, NipTerm, StatusTerm
from shared.words import AssignmentKind, StatusAsn
from tests.support.service import employee_changed, holds

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 30)
NOON = datetime(2026, 3, 2, 5, 0, 0, 250_000, tzinfo=UTC)
POST, OTHER_POST = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("status", "text", "golongan"),
    [
        ("PNS", "III/c", "III/c"),
        ("PNS", "iii.C", "III/c"),
        ("CPNS", "IIIa", "III/a"),
        ("PNS", "IV/e", "IV/e"),
        ("PPPK", "ix", "IX"),
        ("PPPK_PARUH_WAKTU", "XVII", "XVII"),
        ("PPPK", "IV", "IV"),
    ],
)
def test_golongan_is_read_against_the_status(status: str, text: str, golongan: str) -> None:
    assert fields.golongan(StatusAsn(status), text) == golongan


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("PNS", "III/e"),
        ("PNS", "V/a"),
        ("PNS", "IX"),
        ("CPNS", "IV"),
        ("PPPK", "III/c"),
        ("PPPK", "XVIII"),
        ("PPPK", ""),
    ],
)
def test_a_golongan_of_the_other_status_is_refused(status: str, text: str) -> None:
    with pytest.raises(fields.Wrong):
        fields.golongan(StatusAsn(status), text)


def test_pns_have_seventeen_steps_and_pppk_too() -> None:
    assert len(fields.GOLONGAN_PNS) == len(fields.GOLONGAN_PPPK) == 17


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-01", MARCH), ("01-03-2026", MARCH), ("01/03/2026", MARCH), ("2026-03-01 00:00:00", MARCH)],
)
def test_a_day_is_read_as_an_office_writes_it(text: str, day: date) -> None:
    assert fields.day(text) == day


@pytest.mark.parametrize("text", ["03/2026", "31-02-2026", "46082", "kemarin", "01-03-0026"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(fields.Wrong):
        fields.day(text)


@pytest.mark.parametrize("kelas", ["0", "18", "-1", "7.5", "tujuh", ""])
def test_kelas_jabatan_runs_from_1_to_17(kelas: str) -> None:
    with pytest.raises(fields.Wrong):
        fields.kelas_jabatan(kelas)


@pytest.mark.parametrize(("text", "status"), [("k1", "K/1"), ("TK/0", "TK/0"), ("tk 3", "TK/3")])
def test_ptkp_is_written_in_one_form(text: str, status: str) -> None:
    assert fields.ptkp(text) == status


def test_a_fourth_dependant_does_not_count_for_ptkp() -> None:
    with pytest.raises(fields.Wrong):
        fields.ptkp("K/4")


def test_two_definitive_posts_never_overlap() -> None:
    held = (holds(POST, valid_from=JANUARY, valid_to=JUNE),)
    with pytest.raises(Refused, match="definitive post"):
        people.with_assignment(held, holds(OTHER_POST, valid_from=JUNE))
    assert len(people.with_assignment(held, holds(OTHER_POST, valid_from=JUNE + timedelta(days=1)))) == 2


def test_plt_stands_beside_a_definitive_post_but_not_of_the_same_post() -> None:
    held = (holds(POST, valid_from=JANUARY),)
    assert len(people.with_assignment(held, holds(OTHER_POST, kind=AssignmentKind.PLT, valid_from=MARCH))) == 2
    with pytest.raises(Refused, match="the same post"):
        people.with_assignment(held, holds(POST, kind=AssignmentKind.PLT, valid_from=MARCH))


def test_moving_ends_the_old_post_the_day_before() -> None:
    before, after = people.moved((holds(POST, valid_from=JANUARY),), holds(OTHER_POST, valid_from=MARCH))
    assert (before.position_id, before.valid_to) == (POST, date(2026, 2, 28))
    assert (after.position_id, after.valid_from, after.valid_to) == (OTHER_POST, MARCH, None)


def test_moving_never_overwrites_a_post_that_begins_later() -> None:
    with pytest.raises(Refused):
        people.moved((holds(POST, valid_from=MARCH),), holds(OTHER_POST, valid_from=JANUARY))


def test_who_departs_holds_nothing_from_that_day() -> None:
    employee = employee_changed(
        assignments=[holds(POST, valid_from=JANUARY), holds(OTHER_POST, kind=AssignmentKind.PLT, valid_from=JUNE)]
    )
    gone = people.departed(employee, MARCH, NOON)
    assert [(one.position_id, one.valid_to) for one in gone.assignments] == [(POST, date(2026, 2, 28))]
    assert (gone.left_on, gone.version) == (MARCH, 2)


def test_an_assignment_cannot_end_before_it_begins() -> None:
    held = (holds(POST, valid_from=MARCH),)
    with pytest.raises(Refused, match="begins on"):
        people.ended(held, held[0].assignment_id, JANUARY)
    with pytest.raises(Refused, match="no such assignment"):
        people.ended(held, uuid4(), JUNE)


def test_a_new_number_joins_the_history_by_day() -> None:
    nips = people.with_nip((NipTerm(valid_from=MARCH, nip="2"),), "1", JANUARY)
    assert [term.nip for term in nips] == ["1", "2"]


def test_a_status_of_the_same_day_replaces_the_other() -> None:
    first = StatusTerm(valid_from=JANUARY, status_asn=StatusAsn.CPNS, golongan="III/a")
    second = StatusTerm(valid_from=JANUARY, status_asn=StatusAsn.PNS, golongan="III/a")
    assert people.with_status((first,), second) == (second,)


def test_a_code_is_always_the_same_unit_and_another_one_in_another_region() -> None:
    assert structure.unit_id_of("92", "1.01") == structure.unit_id_of("92", "1.01")
    assert structure.unit_id_of("92", "1.01") != structure.unit_id_of("19.05", "1.01")


def test_a_unit_cannot_stand_below_itself() -> None:
    top, middle, low = UUID(int=1), UUID(int=2), UUID(int=3)
    parents: dict[UUID, UUID | None] = {top: None, middle: top, low: middle}
    structure.check_unit_place(low, top, parents)
    with pytest.raises(Refused, match="below itself"):
        structure.check_unit_place(top, low, parents)
    with pytest.raises(Refused, match="not known"):
        structure.check_unit_place(top, uuid4(), parents)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd2026!",
        "bismillah2026",
        "indonesiaraya",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaab",
        "abcdefghijklmn",
        "adminkabupaten",
        "Rahasia_Sekali"[:7] + "12345678",
        "short",
        "x" * 129,
    ],
)
def test_passwords_that_everybody_tries_are_refused(password: str) -> None:
    assert passwords.weakness(password) is not None


@pytest.mark.parametrize(
    "password", ["empat belas kerbau menyeberang", "kerbau-hijau-27-terbang", "nB7#qLw2zTx9", "pisang goreng ungu"]
)
def test_a_sentence_or_chance_is_good_without_rules_of_composition(password: str) -> None:
    assert passwords.weakness(password) is None


def test_ones_own_name_or_number_is_no_password() -> None:
    assert passwords.weakness("wanmareni-kerbau", ("197105071996032001", "Yuliana Wanmareni")) is not None
    assert passwords.weakness("197105071996032001x", ("197105071996032001",)) is not None


def test_tries_come_in_a_burst_and_then_one_by_one() -> None:
    limit = access.Limit("test", burst=3, gap=timedelta(seconds=10))
    due = NOON
    for _ in range(3):
        assert access.wait(limit, due, NOON) == timedelta(0)
        due += limit.gap
    assert access.wait(limit, due, NOON) == timedelta(seconds=10)
    assert access.wait(limit, due, NOON + timedelta(seconds=10)) == timedelta(0)


def test_a_key_of_a_limit_tells_neither_region_nor_number() -> None:
    key = access.attempt_key(access.PER_ACCOUNT, "19.05", "198609262015051001")
    assert len(key) == 32
    assert b"1986" not in key


def test_a_one_time_password_is_read_from_paper_however_it_is_typed() -> None:
    assert access.one_time_digest("nxn7w-s7xgt gqw74") == access.one_time_digest("NXN7WS7XGTGQW74")
    assert access.one_time_digest("0I8") == access.one_time_digest("oib")


def test_a_token_of_the_same_second_is_void_and_the_next_one_is_not() -> None:
    void = access.issued_before(NOON, None)
    assert int(NOON.timestamp()) < void.timestamp()
    assert int(access.issued_at(NOON, void).timestamp()) >= void.timestamp()
    assert access.issued_before(NOON, void) > void


def test_roles_hold_from_their_first_to_their_last_day() -> None:
    held = [access.Held(Role.VERIFIKATOR, None, MARCH, JUNE)]
    days = (MARCH - timedelta(days=1), MARCH, JUNE, JUNE + timedelta(days=1))
    assert [len(access.roles_on(day, held, employed=False)) for day in days] == [0, 1, 1, 0]
    assert [role for role, _ in access.roles_on(MARCH, held, employed=True)] == [Role.PEGAWAI, Role.VERIFIKATOR]


@pytest.mark.parametrize(
    ("tenant_id", "role", "unit"),
    [
        ("19.05", Role.PEGAWAI, None),
        ("19.05", Role.NEWCOMER, None),
        ("19.05", Role.OPERATOR, None),
        ("00", Role.ADMIN, None),
        ("19.05", Role.KEPEGAWAIAN, None),
        ("19.05", Role.ADMIN, UUID(int=1)),
    ],
)
def test_some_roles_cannot_be_given_so(tenant_id: str, role: Role, unit: UUID | None) -> None:
    with pytest.raises(Refused):
        access.check_grant(tenant_id, role, unit, MARCH, None)


def test_a_session_ends_when_idle_or_old() -> None:
    assert not access.expired(NOON, NOON, NOON + timedelta(days=6))
    assert access.expired(NOON, NOON, NOON + timedelta(days=8))
    assert access.expired(NOON, NOON + timedelta(days=29), NOON + timedelta(days=31))


def test_an_assignment_holds_on_both_its_days() -> None:
    one: Assignment = holds(POST, valid_from=MARCH, valid_to=JUNE)
    assert people.holds_on(one, MARCH)
    assert people.holds_on(one, JUNE)
    assert not people.holds_on(one, JUNE + timedelta(days=1))
