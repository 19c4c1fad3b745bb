"""`takar payroll`: allowances computed by hand, explained, traced, computed again, and asked what if."""

import typer

from deploy.cli.payroll.asking import what_if_draft
from deploy.cli.payroll.correcting import show_corrections
from deploy.cli.payroll.evaluating import evaluate_file
from deploy.cli.payroll.explaining import explain_statement
from deploy.cli.payroll.exporting import export_run
from deploy.cli.payroll.receipting import show_receipt_keys, write_receipt
from deploy.cli.payroll.recomputing import recompute_period
from deploy.cli.payroll.tracing import trace_work

app = typer.Typer(help="Allowances: compute, explain, trace, recompute.", no_args_is_help=True)


@app.callback()
def payroll() -> None:
    """Allowances: compute, explain, trace, recompute."""


app.command("corrections")(show_corrections)
app.command("evaluate")(evaluate_file)
app.command("export")(export_run)
app.command("explain")(explain_statement)
app.command("receipt")(write_receipt)
app.command("receipt-keys")(show_receipt_keys)
app.command("recompute")(recompute_period)
app.command("trace")(trace_work)
app.command("what-if")(what_if_draft)
