"""What a load balancer asks, before Django and whatever name it asks under: is this process alive, may it be given requests. No details."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import Error, connection

from sportello.config.front import Application, Environ, StartResponse
from sportello.core.patience import within

READY_SECONDS = 3.0


def beside(application: Application) -> Application:
    """`/alive`: the process answers. `/ready`: it also reaches the database."""

    def outer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        match environ.get("PATH_INFO"):
            case "/alive":
                return _say(start_response, well=True)
            case "/ready":
                return _say(start_response, well=_reaches_database())
            case _:
                return application(environ, start_response)

    return outer


def _reaches_database() -> bool:
    try:
        with within(READY_SECONDS), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    finally:
        connection.close()
    return True


def _say(start_response: StartResponse, *, well: bool) -> list[bytes]:
    body = b"ok\n" if well else b"not now\n"
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response("200 OK" if well else "503 Service Unavailable", headers)
    return [body]
