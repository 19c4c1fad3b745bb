"""The app: its routers, the signing key, and the threads passwords are hashed in."""

import json

from fastapi import FastAPI
from joserfc.jwk import KeySet, OKPKey

from services.identity.api import accounts, employees, grants, imports, keys, logins, organisation, tenants
from services.identity.api.hasher import Hasher
from services.identity.api.signing import Signer
from shared.http import new_api
from shared.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """identity's app. Raises ValueError where TAKAR_SIGNING_KEY holds no Ed25519 private key."""
    given = settings or Settings(service="identity")
    key = _signing_key(given)
    published = _published(given, key)
    # identity checks tokens by the keys it publishes, never by asking itself over HTTP
    own = given.model_copy(update={"jwks": json.dumps(published), "jwks_url": ""})
    routers = [module.router for module in (keys, logins, accounts, grants, tenants, organisation, employees, imports)]
    app = new_api("identity", own, routers)
    app.state.signer = Signer(key, own.issuer, published)
    app.state.hasher = Hasher()
    app.router.add_event_handler("shutdown", app.state.hasher.close)
    return app


def _signing_key(settings: Settings) -> OKPKey:
    text = settings.signing_key.get_secret_value()
    if not text:
        raise ValueError("TAKAR_SIGNING_KEY is not set: identity needs an Ed25519 private key as JWK, with a kid")
    key = OKPKey.import_key(json.loads(text))
    if not key.is_private or key.kid is None:
        raise ValueError("TAKAR_SIGNING_KEY must be a private Ed25519 key as JWK, with a kid")
    return key


def _published(settings: Settings, key: OKPKey) -> dict[str, object]:
    """The present key, and what TAKAR_JWKS adds: the next one before it signs, the last one until its tokens end."""
    public: list[dict[str, object]] = [dict(key.as_dict(private=False))]
    others = json.loads(settings.jwks)["keys"] if settings.jwks else []
    for other in KeySet.import_key_set({"keys": others}).keys if others else []:
        if other.kid != key.kid:
            public.append(dict(other.as_dict(private=False)))
    return {"keys": public}
