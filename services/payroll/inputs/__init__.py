"""From payroll's copies to the facts of a period: one builder for the run, the preview and what-if."""

from services.payroll.inputs.building import Built, Made, Payee, Unbuildable, facts_of, made_of

__all__ = ["Built", "Made", "Payee", "Unbuildable", "facts_of", "made_of"]
