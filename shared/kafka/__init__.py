"""The Kafka door: one process a worker, its subscriber, its relay, its loops."""

from shared.kafka.client import Producer, new_broker
from shared.kafka.listening import listen
from shared.kafka.worker import Loop, Worker, serve

__all__ = ["Loop", "Producer", "Worker", "listen", "new_broker", "serve"]
