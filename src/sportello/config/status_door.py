"""The public status, answered before Django and beside the threads that make pages: when those all wait, this still answers."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from sportello.config.front import Application, Environ, StartResponse, is_our_host

AT_ONCE = 100
"""Threads that the server has for this beside those that read and make pages, in each worker. One that nobody needs is not there."""
_PREFIX = "/status/"


def begin() -> None:
    """Keep the public status in this process. Once Django is set up."""
    from sportello.incidents.board import keeping

    keeping.begin()


def beside(application: Application, *, public_url: str) -> Application:
    """Answers from what is kept; as long as nothing is, and under another name than ours, the application does."""
    from sportello.incidents.board.keeping import kept_files
    from sportello.incidents.board.serving import Asked, answer

    host = urlsplit(public_url).hostname or ""

    def outer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        files = kept_files() if path.startswith(_PREFIX) and is_our_host(environ.get("HTTP_HOST", ""), host) else None
        if files is None:
            return application(environ, start_response)
        found = answer(
            files,
            Asked(
                method=environ["REQUEST_METHOD"],
                path=path.removeprefix(_PREFIX),
                languages=environ.get("HTTP_ACCEPT_LANGUAGE", ""),
                encodings=environ.get("HTTP_ACCEPT_ENCODING", ""),
                tags=environ.get("HTTP_IF_NONE_MATCH", ""),
            ),
        )
        start_response(f"{found.status.value} {found.status.phrase}", list(found.headers.items()))
        return [found.body]

    return outer
