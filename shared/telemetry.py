"""Logs as JSON lines with who and where, and the figures that Prometheus collects."""

import logging
import sys

import structlog
from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram("takar_http_request_seconds", "Time to answer", ["service", "method", "route", "status"])
RELAYED = Counter("takar_relay_sent_total", "Facts acknowledged by Kafka", ["service"])
RELAY_ERRORS = Counter("takar_relay_errors_total", "Relay rounds that failed", ["service"])
OUTBOX_ROWS = Gauge("takar_outbox_rows", "Facts not yet acknowledged", ["service"])
OUTBOX_OLDEST = Gauge("takar_outbox_oldest_seconds", "Age of the oldest of them", ["service"])
DELIVERED = Counter("takar_inbox_records_total", "Records read from Kafka", ["service"])
QUARANTINED = Gauge("takar_quarantine_rows", "Records kept aside and not redriven", ["service"])
WAITING = Gauge("takar_inbox_waiting_rows", "Facts that wait for another", ["service"])
CHASES = Gauge("takar_chases", "Runs that are late to be acknowledged, agreed or paid", ["tenant", "missing"])
RULES_COMPILED = Gauge(
    "takar_rules_compiled", "1 where a service's rules run compiled, 0 where as sources", ["service"]
)
LAG = Gauge("takar_kafka_consumer_lag_records", "Records not yet read", ["service", "topic", "partition"])


def configure_logging(service: str, level: str = "INFO") -> None:
    """JSON lines on standard error; a line never carries a token, a password or a payload."""
    structlog.contextvars.bind_contextvars(service=service)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=level,
        stream=sys.stderr,
        format='{"level":"%(levelname)s","logger":"%(name)s","event":"%(message)s"}',
    )
    logging.getLogger("uvicorn.access").disabled = True
