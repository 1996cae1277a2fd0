"""What is believed about a request before Django sees it: the scheme from our settings, the client from our own proxies, nothing from strangers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import quote, urlsplit

from django.http.request import split_domain_port, validate_host

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApplication = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_OWN = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
_LIVE_PATHS = ("/live/", "/health")
_WATCHING_PATHS = frozenset({"/health", "/metrics"})
_FORWARDING = ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PORT", "X_FORWARDED_PROTO", "X_REAL_IP")
_FORWARDING_LOWER = frozenset(name.lower().replace("_", "-").encode() for name in _FORWARDING)
_PROTECTION = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""What an answer carries that says nothing else of its own: files of the pages, redirections, refusals, streams."""
_CHARSET = re.compile(r";(?:\s*charset|[^;=]*\*)[^;]*", re.IGNORECASE)
"""Also any value that says in which charset it is written itself (`boundary*=idna''x`, RFC 2231)."""
_HSTS = "max-age=31536000; includeSubDomains"


def behind(application: Application, *, public_url: str, proxies: int) -> Application:
    """Wrap a WSGI application.

    Every request gets the scheme of the public address, since TLS ends before us. The client's address is the one that our outermost proxy
    saw. Forwarding headers go no further. Who opened another loopback name in a browser is led to the public one, where cookies and passkeys
    work; a monitor, which takes a redirection for an answer, is answered under either.
    """
    public = urlsplit(public_url)
    protection = protection_of(public.scheme)

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = public.scheme
        environ["sportello.peer"] = environ.get("REMOTE_ADDR", "")
        environ["REMOTE_ADDR"] = client_address(
            environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""), proxies=proxies
        )
        environ["sportello.direct"] = _is_direct(environ)
        for name in _FORWARDING:
            environ.pop(f"HTTP_{name}", None)
        environ["CONTENT_TYPE"] = _without_charset(environ.get("CONTENT_TYPE", ""))
        start_response = _protecting(start_response, protection)
        if _wrong_loopback_name(environ, public.hostname or ""):
            if environ.get("PATH_INFO") not in _WATCHING_PATHS:
                return _lead_to(public_url, environ, start_response)
            environ["HTTP_HOST"] = public.netloc
        return application(environ, start_response)

    return front


def protection_of(scheme: str) -> dict[str, str]:
    """The headers that no answer goes without, in lower case."""
    return {**_PROTECTION, "strict-transport-security": _HSTS} if scheme == "https" else _PROTECTION


def _protecting(start_response: StartResponse, protection: dict[str, str]) -> StartResponse:
    def starting(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
        said = {name.lower() for name, _value in headers}
        return start_response(
            status, [*headers, *(pair for pair in protection.items() if pair[0] not in said)], *failure
        )

    return starting


def is_our_host(given: str, public_host: str) -> bool:
    """Whether a Host header names us, on any port; what is no host name at all does not."""
    return validate_host(split_domain_port(given)[0], [public_host])


def _without_charset(content_type: str) -> str:
    """Pages and their forms are in UTF-8. Django would read a form, and the address too, with whatever codec of Python's is named here."""
    return _CHARSET.sub("", content_type)


def _is_direct(environ: Environ) -> bool:
    """Whether a program of this machine asks without any front server between, which would have added its header."""
    return environ["sportello.peer"] in _OWN and not any(f"HTTP_{name}" in environ for name in (*_FORWARDING, "VIA"))


def client_address(peer: str, forwarded_for: str, *, proxies: int) -> str:
    """The address of whoever spoke to our outermost proxy: the `proxies`-th from the right; what stands further left anybody can write."""
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    return hops[-proxies] if 0 < proxies <= len(hops) else peer


def _wrong_loopback_name(environ: Environ, public_host: str) -> bool:
    try:
        name = urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:
        return False
    both_loopback = {public_host, name} <= _LOOPBACK_NAMES
    return both_loopback and name != public_host and environ["REQUEST_METHOD"] in {"GET", "HEAD"}


def _lead_to(public_url: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    path = quote(environ.get("PATH_INFO", "/").encode("latin-1"))
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
    start_response("307 Temporary Redirect", [("Location", f"{public_url}{path}{query}"), ("Content-Length", "0")])
    return []


def live_only(application: AsgiApplication, *, public_url: str, proxies: int) -> AsgiApplication:
    """Wrap an ASGI application so that it answers only for live updates, and to pages of the public address only.

    Where there is no front server, pages come from another port of the same host: that one origin is allowed, with its cookies (CORS), every
    other is refused.
    """
    public = urlsplit(public_url)
    origin = f"{public.scheme}://{public.netloc}".encode()
    protection = [(name.encode(), value.encode()) for name, value in protection_of(public.scheme).items()]

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", ()))
        send = _sending(send, protection)
        asked_from = headers.get(b"origin")
        if scope["type"] != "http" or not scope["path"].startswith(_LIVE_PATHS):
            return await _refuse(send, 404)
        if not is_our_host(headers.get(b"host", b"").decode("latin-1"), public.hostname or ""):
            return await _refuse(send, 400)
        if asked_from not in {None, origin}:
            return await _refuse(send, 403)
        peer = (scope.get("client") or ("", 0))[0]
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        scope["scheme"] = public.scheme
        scope["client"] = (client_address(peer, forwarded, proxies=proxies), 0)
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in _FORWARDING_LOWER]
        return await application(scope, receive, _sending(send, _cross_origin(origin)) if asked_from else send)

    return front


def _cross_origin(origin: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"origin"),
    ]


def _sending(send: Send, more: list[tuple[bytes, bytes]]) -> Send:
    """Adds those headers that an answer does not have yet."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            said = {name.lower() for name, _value in headers}
            message["headers"] = [*headers, *(pair for pair in more if pair[0] not in said)]
        await send(message)

    return sending


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
