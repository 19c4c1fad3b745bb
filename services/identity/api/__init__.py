"""identity's HTTP door."""

from services.identity.api.app import create_app

__all__ = ["create_app"]
