"""What people were told of a month stays told: explanations and what-ifs read as they were recorded."""

import json

import pytest

from tests.payroll.recording import recorded
from tests.payroll.telling import HASHES, READ, told, told_in_full

RECORDS = list(zip(recorded(), json.loads(HASHES.read_text()), strict=True))


@pytest.mark.parametrize(("record", "before"), RECORDS, ids=range(len(RECORDS)))
def test_an_explanation_and_its_what_ifs_read_as_when_the_month_was_paid(record, before):
    """After a change that is meant to tell them otherwise: `python -m tests.payroll.telling`."""
    assert told(record) == before


def test_the_jambi_example_reads_as_written_down():
    assert told_in_full() == READ.read_text()
