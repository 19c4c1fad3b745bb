"""What an import would change, as a function of the organisation and the rows given: a dry run is half of it."""

from services.identity.rules.planning.employees import plan_employees
from services.identity.rules.planning.plan import Counts, Organisation, Plan
from services.identity.rules.planning.structure import plan_positions, plan_units

__all__ = ["Counts", "Organisation", "Plan", "plan_employees", "plan_positions", "plan_units"]
