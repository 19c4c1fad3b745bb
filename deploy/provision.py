"""A job that runs once: `python -m deploy.provision [tenant ...]` makes databases, topics, users and rights.

On the servers given by TAKAR_POSTGRES_ADMIN_URL, TAKAR_KAFKA_BOOTSTRAP and TAKAR_KAFKA_ADMIN_PASSWORD, with the
passwords that follow from TAKAR_SECRET. It may be repeated; what is there stays.
"""

import sys

from deploy.kafka.admin import KafkaUnavailable
from deploy.local.errors import StackError
from deploy.local.services import Services
from deploy.local.stack import start


def main(tenants: list[str]) -> None:
    """Provision; one line on standard error and exit code 1 if a server is not there."""
    try:
        with start() as stack:
            Services(stack, tenants).prepare()
    except (StackError, KafkaUnavailable) as error:
        sys.exit(f"provision: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
