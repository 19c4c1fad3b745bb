"""Tables as offices send them: the same lines of text, whichever program wrote them, or a refusal with what to do."""

import io

import pytest
import xlsxwriter

from shared.errors import Invalid
from shared.sheets import Row, lines_of, plain_name, rows_under


def workbook(*lines: tuple[object, ...]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Daftar")
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
        book.add_worksheet("Lain").write(0, 0, "never read")
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_text_is_read_by_the_delimiter_its_header_has(delimiter: str) -> None:
    text = f"\ufeffNIP{delimiter} Jumlah \n1986{delimiter}500 \n"
    assert lines_of(text.encode()) == [["NIP", "Jumlah"], ["1986", "500"]]


def test_of_a_workbook_the_first_sheet_is_read_and_whole_numbers_are_digits() -> None:
    assert lines_of(workbook(("NIP", "Jumlah"), (" 1986 ", 500), ("x", 2.5))) == [
        ["NIP", "Jumlah"],
        ["1986", "500"],
        ["x", "2.5"],
    ]


def test_a_number_whose_digits_a_spreadsheet_has_made_up_is_not_read_as_digits() -> None:
    (_, (exact,), (rounded,)) = lines_of(workbook(("NIP",), (999_999_999_999_999,), (198609262015051001,)))
    assert exact == "999999999999999"
    assert not rounded.isdigit()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"a;b\0", "it holds zero bytes"),
        (b"nama\xff", "neither XLSX nor UTF-8 text"),
        (b"PK\x03\x04 torn", "no readable XLSX workbook"),
        (b'a\n"' + b"x" * 200_000, "it is no CSV"),
        (b"a\n" * 200_001, "more than 200000 rows"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        lines_of(content)
    (fault,) = refused.value.faults
    assert fault.place == "file"
    assert fault.remedy


def test_rows_have_the_numbers_a_spreadsheet_shows_and_empty_lines_are_left_out() -> None:
    lines = [["NIP", "x"], ["1", "a"], ["", ""], ["2"]]
    assert rows_under(["nip", "nama"], ["nip"], lines) == [
        Row(2, {"nip": "1", "nama": "a"}),
        Row(4, {"nip": "2"}),
    ]


def test_every_missing_column_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        rows_under(["nip"], ["nip", "bruto", "pajak"], [["NIP"]])
    (fault,) = refused.value.faults
    assert (fault.place, fault.message) == ("row 1", "column bruto, pajak is missing")
    assert fault.remedy == "name the columns nip, bruto, pajak in the first row"


def test_a_columns_name_is_looked_up_without_case_and_with_single_blanks() -> None:
    assert plain_name("  Rencana \n HASIL  Kerja") == "rencana hasil kerja"
