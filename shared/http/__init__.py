"""The HTTP door: the app of a service, who calls, one transaction a request, problems as RFC 9457."""

from shared.http.app import new_api
from shared.http.dependencies import BriefUnitOfWorkDep, CallerDep, Now, SessionsDep, UnitOfWorkDep, may
from shared.http.problems import PROBLEMS

__all__ = ["PROBLEMS", "BriefUnitOfWorkDep", "CallerDep", "Now", "SessionsDep", "UnitOfWorkDep", "may", "new_api"]
