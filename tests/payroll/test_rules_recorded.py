"""What was computed once is computed again, to the byte: a paid month is never told in another way."""

import pytest

from tests.payroll.recording import Told, computed, recorded

RECORDS = list(recorded())


@pytest.mark.parametrize("at", range(len(RECORDS)))
def test_a_statement_recorded_once_still_has_the_same_lines_sentences_and_bytes(at):
    """If this is meant to change, see tests/payroll/recording.py."""
    was, now = Told(**RECORDS[at]["told"]), computed(RECORDS[at])
    assert now.lines == was.lines
    assert now.sentences == was.sentences
    assert now.sha256 == was.sha256
