"""The two offices of the demo, invented but such as there are: made from a seed, always the same.

`python -m deploy.demo.office` writes the files of deploy/demo/files; a test checks that they are what it writes.
Every person, number and account is invented.
"""

from functools import cache

from deploy.demo.office.model import Office
from deploy.demo.office.people import with_people
from deploy.demo.office.plans import with_plans
from deploy.demo.office.presence import with_presence
from deploy.demo.office.regions import bangka_barat, papua_barat
from deploy.demo.office.workdays import with_tasks


@cache
def office(tenant_id: str) -> Office:
    """The office of region `92` or `19.05`, with its people, plans, attendance and activities."""
    empty = {"92": papua_barat, "19.05": bangka_barat}[tenant_id]()
    return with_tasks(with_presence(with_plans(with_people(empty))))
