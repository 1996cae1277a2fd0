"""What is believed about a request before Django sees it: the scheme from our settings, the client from our own proxies, nothing from strangers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import quote, urlsplit

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApplication = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_LIVE_PATHS = ("/live/", "/health")
_FORWARDING = ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PORT", "X_FORWARDED_PROTO", "X_REAL_IP")
_FORWARDING_LOWER = frozenset(name.lower().replace("_", "-").encode() for name in _FORWARDING)


def behind(application: Application, *, public_url: str, proxies: int) -> Application:
    """Wrap a WSGI application.

    Every request gets the scheme of the public address, since TLS ends before us. The client's address is the one that our outermost proxy
    saw. Forwarding headers go no further. Who opened another loopback name in a browser is led to the public one, where cookies and passkeys
    work.
    """
    public = urlsplit(public_url)

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = public.scheme
        environ["REMOTE_ADDR"] = client_address(
            environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""), proxies=proxies
        )
        for name in _FORWARDING:
            environ.pop(f"HTTP_{name}", None)
        if _wrong_loopback_name(environ, public.hostname or ""):
            return _lead_to(public_url, environ, start_response)
        return application(environ, start_response)

    return front


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

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", ()))
        asked_from = headers.get(b"origin")
        if scope["type"] != "http" or not scope["path"].startswith(_LIVE_PATHS):
            return await _refuse(send, 404)
        if asked_from not in {None, origin}:
            return await _refuse(send, 403)
        peer = (scope.get("client") or ("", 0))[0]
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        scope["scheme"] = public.scheme
        scope["client"] = (client_address(peer, forwarded, proxies=proxies), 0)
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in _FORWARDING_LOWER]
        return await application(scope, receive, _allowing(send, origin) if asked_from else send)

    return front


def _allowing(send: Send, origin: bytes) -> Send:
    cross_origin = [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"origin"),
    ]

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *cross_origin]
        await send(message)

    return sending


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
