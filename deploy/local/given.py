"""Servers that somebody else runs, reached by the addresses in the environment."""

from deploy.kafka.credentials import Credentials
from deploy.local.errors import StackError
from deploy.local.settings import StackSettings


class GivenPostgres:
    """PostgreSQL at TAKAR_POSTGRES_ADMIN_URL."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url

    def start(self) -> None:
        """It runs already."""

    def stop(self) -> None:
        """It is not ours to stop."""

    def restart(self, hard: bool) -> None:
        raise StackError("a PostgreSQL given by its address cannot be restarted: unset TAKAR_POSTGRES_ADMIN_URL")


class GivenKafka:
    """Kafka at TAKAR_KAFKA_BOOTSTRAP, with an administrator's name and password."""

    def __init__(self, settings: StackSettings) -> None:
        if not settings.kafka_admin_password:
            raise StackError("TAKAR_KAFKA_BOOTSTRAP is given: give TAKAR_KAFKA_ADMIN_PASSWORD too")
        self.bootstrap = settings.kafka_bootstrap or ""
        self.admin = Credentials(settings.kafka_admin_user, settings.kafka_admin_password)

    def start(self) -> None:
        """It runs already."""

    def stop(self) -> None:
        """It is not ours to stop."""

    def restart(self, hard: bool) -> None:
        raise StackError("a Kafka given by its address cannot be restarted: unset TAKAR_KAFKA_BOOTSTRAP")
