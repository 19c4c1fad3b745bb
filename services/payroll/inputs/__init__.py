"""From payroll's copies to the facts of a period: one builder for the run, the preview and what-if."""

from services.payroll.inputs.building import Built, Payee, Unbuildable, facts_of

__all__ = ["Built", "Payee", "Unbuildable", "facts_of"]
