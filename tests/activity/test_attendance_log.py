"""Logs of machines: each variant is read, each line that is no punch is named, nothing raises."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.activity.rules.attendance_log import LogRead, read_log
from services.activity.rules.attendance_pins_file import read_pins

NOW = datetime(2026, 4, 30, 5, 0, tzinfo=UTC)
ZONE = "Asia/Jakarta"


def read(content: str | bytes) -> LogRead:
    return read_log(content.encode() if isinstance(content, str) else content, ZONE, NOW)


@pytest.mark.parametrize(
    "line",
    [
        "1001\t2026-04-06 07:12:33\t0\t1\t0\t0",
        "     1001\t2026-04-06 07:12:33\t0\t1\t0\t0\t0\t0\t0\t0\r\n",
        "1001,2026-04-06 07:12:33,0,1,0,0",
        "1001, 2026-04-06, 07:12:33, 0, 1, 0",
        "1001;2026-04-06 07:12:33;0;1",
        "1001 2026-04-06 07:12:33 0 1 0 0",
        "    1001   2026-04-06   07:12:33   0   1",
        "000001001\t2026/4/6 7:12:33\t0\t1\t\t0\r",
        "1001\t2026-04-06T07:12:33\t0\t1",
        "\ufeff1001\t2026-04-06 07:12:33\t0\t1",
    ],
)
def test_the_variants_of_attlog_all_say_the_same_punch(line) -> None:
    log = read(line)
    assert log.faults == ()
    [punch] = log.punches
    assert (punch.pin, punch.at) == ("1001", datetime(2026, 4, 6, 0, 12, 33, tzinfo=UTC))
    assert (punch.status, punch.verify) == (0, 1)


def test_utf_16_and_the_end_mark_of_old_systems_are_read() -> None:
    assert len(read("1001\t2026-04-06 07:12:33\t0\t1\r\n".encode("utf-16")).punches) == 1
    assert read("1001\t2026-04-06 07:12:33\t0\t1\r\n\x1a").faults == ()


@pytest.mark.parametrize(
    "content",
    [
        "PIN;Tanggal;Jam;Status\n1001;06/04/2026;07:12:33;Masuk\n",
        "No. ID,Nama,Tanggal scan\n1001,Budi,2026-04-06 07:12:33\n",
        'User ID,Date/Time,Verify\n"1001","06-04-2026 07:12:33","1"\n',
        "PIN\tTanggal\tWaktu\n1001\t2026-04-06\t07.12.33\n",
        "pin,time\n1001,2026-04-06T07:12:33\n",
    ],
)
def test_csv_goes_by_its_header_and_dates_are_day_first(content) -> None:
    log = read(content)
    assert log.faults == ()
    assert [(punch.pin, punch.at) for punch in log.punches] == [("1001", datetime(2026, 4, 6, 0, 12, 33, tzinfo=UTC))]
    assert log.lines == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("rubbish", "this is not a punch"),
        ("1001\t2026-04-06 07:1", "this is not a punch"),
        ("1001\t2026-02-30 07:12:33\t0\t1", "does not exist"),
        ("1001\t2026-04-06 25:12:33\t0\t1", "does not exist"),
        ("1001\t2026-04-06 07:12:33\tin\t1", "the status is 'in'"),
        ("1001\t2026-04-06 07:12:33\t0\t1\t0\t0\t0\t0\t0\t0\t1002", "more than any machine writes"),
        ("1001\t2026-04-30 13:00:00\t0\t1", "in the future"),
        ("1001\t2000-01-01 00:03:00\t0\t1", "before 2015"),
    ],
)
def test_a_bad_line_is_named_and_the_good_ones_go_in(line, message) -> None:
    log = read(f"1001\t2026-04-06 07:12:33\t0\t1\n{line}\n1001\t2026-04-06 16:01:00\t1\t1\n")
    assert len(log.punches) == 2
    [fault] = log.faults
    assert (fault.row, fault.place) == (2, "line 2")
    assert message in fault.message
    assert fault.remedy
    assert line.startswith(fault.value[:10])


def test_a_clock_five_minutes_fast_is_borne() -> None:
    assert read("1001\t2026-04-30 12:05:00\t0\t1").faults == ()


def test_a_punch_twice_in_a_file_is_one() -> None:
    assert len(read("7\t2026-04-06 07:12:33\t0\t1\n007\t2026-04-06 07:12:33\t255\t15\n").punches) == 1


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00")
@example(b"pin,time\n\x00,\x00")
@example(b'pin,time\n"1001,2026')
@example("١٢\t2026-04-06 07:12:33".encode())
def test_whatever_a_file_holds_every_line_is_a_punch_or_named(content) -> None:
    log = read(content)
    assert len(log.punches) + len(log.faults) <= log.lines
    assert all(fault.row and fault.message and fault.remedy for fault in log.faults)


LINE = st.one_of(
    st.builds(
        "{}\t2026-04-{:02} {:02}:{:02}:00\t{}\t1".format,
        st.integers(0, 99999),
        st.integers(1, 29),
        st.integers(0, 23),
        st.integers(0, 59),
        st.integers(0, 255),
    ),
    st.text(st.characters(exclude_characters="\r\n\x00\x1a", exclude_categories=["Cs"]), min_size=1, max_size=60),
)


@given(st.lists(LINE, max_size=30))
def test_no_line_is_lost_and_each_fault_stands_at_its_line(lines) -> None:
    log = read("\n".join(["1\t2026-04-01 08:00:00\t0\t1", *lines]))
    told = {fault.row for fault in log.faults}
    for number, line in enumerate(lines, start=2):
        alone = read(line)
        if alone.faults:
            assert number in told
        elif alone.punches:
            assert number not in told
            assert set(alone.punches) <= {*log.punches} or any(
                (one.pin, one.at) == (alone.punches[0].pin, alone.punches[0].at) for one in log.punches
            )


def test_the_list_of_numbers_names_each_bad_cell() -> None:
    rows, faults = read_pins(
        b"serial;pin;nip;valid_from;valid_to\n"
        b"SN1;0012;198609262015051001;2026-01-01;\n"
        b"SN1;13;1986;2026-01-01;\n"
        b"SN1;14;198609262015051001;01/02/2026;2025-01-01\n"
    )
    assert [(row.row, row.pin, row.valid_from) for row in rows] == [(2, "12", date(2026, 1, 1))]
    assert [(fault.row, fault.place) for fault in faults] == [(3, "nip"), (4, "valid_from")]


def test_a_list_without_its_columns_says_which_are_needed() -> None:
    rows, [fault] = read_pins(b"pin,nip\n1,198609262015051001\n")
    assert rows == ()
    assert "serial" in fault.message


@given(st.binary(max_size=300))
def test_the_list_of_numbers_never_raises(content) -> None:
    read_pins(b"serial,pin,nip,valid_from,valid_to\n" + content)
    read_pins(content)
