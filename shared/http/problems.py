"""Every error as an RFC 9457 problem: what is wrong, where, and what to do; never an inside of ours."""

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from shared.db import is_transient
from shared.errors import Fault, Invalid, Refused, TakarError, TooMany

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """RFC 9457: what went wrong, in a form that programs read and in a sentence for a person."""

    type: str
    title: str
    status: int
    detail: str


# what any route may answer; every router passes it as its `responses`
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}
    for status, text in {
        400: "The request cannot be read",
        401: "No valid access token",
        403: "None of the account's roles may do this, or not over this employee",
        404: "There is no such thing in this region",
        409: "The rules do not allow this; the detail says why",
        413: "The request is too large",
        422: "Some of the data given cannot be used; every fault is named",
        429: "The region's share of requests is used up",
        503: "Not available for the moment; nothing was stored",
    }.items()
}

log = structlog.get_logger()


def problem(status: int, slug: str, title: str, detail: str, **extra: Any) -> JSONResponse:
    body = {"type": f"urn:takar:problem:{slug}", "title": title, "status": status, "detail": detail} | extra
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def of_error(error: TakarError) -> JSONResponse:
    response = problem(error.status, error.slug, error.title, error.detail, **error.extra)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def of_validation(errors: Sequence[Any]) -> Invalid:
    faults = tuple(
        Fault(
            place=".".join(str(part) for part in error["loc"]),
            message=error["msg"],
            remedy="see the API's description at /docs for the form this field takes",
        )
        for error in errors
    )
    return Invalid("the request does not have the form this route takes", faults)


def of_database(error: DBAPIError) -> TakarError | None:
    """What a database's refusal means to a person; None where it is a fault of ours."""
    sqlstate = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or ""
    if sqlstate == "23505":
        return Refused("this is already there")
    if sqlstate in {"23503", "23514", "23P01"}:
        return Refused("this does not fit what is already there")
    if sqlstate.startswith("22") or "0x00" in str(error.orig) or "DataError" in type(error.orig).__name__:
        return Invalid("a value given is out of range or holds characters that cannot be stored")
    return None


def install(app: FastAPI) -> None:
    """Register the handlers on a service's app."""

    @app.exception_handler(TakarError)
    async def told(_: Request, error: TakarError) -> JSONResponse:
        return of_error(error)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        return of_error(of_validation(error.errors()))

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> JSONResponse:
        response = problem(error.status_code, "http", str(error.detail), str(error.detail))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(DBAPIError)
    async def database(_: Request, error: DBAPIError) -> JSONResponse:
        meant = of_database(error)
        if meant is not None:
            return of_error(meant)
        if is_transient(error):
            return unavailable(error)
        return broken(error)

    @app.exception_handler(OSError)
    async def gone(_: Request, error: OSError) -> JSONResponse:
        return unavailable(error)

    @app.exception_handler(TimeoutError)
    async def slow(_: Request, error: TimeoutError) -> JSONResponse:
        return unavailable(error)

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        return broken(error)


def unavailable(error: Exception) -> JSONResponse:
    log.warning("database not available", error=repr(error))
    response = problem(
        503,
        "unavailable",
        "Not available for the moment",
        "nothing was stored; send the same request again shortly",
    )
    response.headers["Retry-After"] = "2"
    return response


def broken(error: Exception) -> JSONResponse:
    log.error("request failed", error=repr(error), exc_info=error)
    return problem(500, "internal-error", TakarError.title, "nothing was stored; the fault is logged")
