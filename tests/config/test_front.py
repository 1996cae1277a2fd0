"""What is believed about a request, and what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, MutableMapping
from typing import Any

import pytest

from sportello.config import front

PUBLIC = "https://support.example.it"


def _ask(
    *, public: str = PUBLIC, proxies: int = 0, path: str = "/desk/", content_type: str = "", **headers: str
) -> tuple[str, dict[str, Any]]:
    """The status line and the environ that the application saw ({} when it was not reached)."""
    seen: dict[str, Any] = {}
    said: list[str] = []

    def application(environ: dict[str, Any], start_response: front.StartResponse) -> Iterable[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "q=1",
        "REMOTE_ADDR": "192.0.2.9",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "support.example.it",
        "CONTENT_TYPE": content_type,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    wrapped = front.behind(application, public_url=public, proxies=proxies)
    list(wrapped(environ, lambda status, pairs: said.append(f"{status} {dict(pairs).get('Location', '')}".strip())))
    return said[0], seen


def test_the_scheme_is_that_of_the_public_address() -> None:
    _status, environ = _ask(x_forwarded_proto="http")
    assert environ["wsgi.url_scheme"] == "https"


def test_forwarding_headers_go_no_further() -> None:
    _status, environ = _ask(
        x_forwarded_for="10.0.0.1",
        x_forwarded_host="evil.example",
        x_forwarded_proto="http",
        x_real_ip="10.0.0.1",
        forwarded="for=10.0.0.1",
    )
    assert [name for name in environ if "FORWARD" in name or "REAL_IP" in name] == []


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "client"),
    [
        ("", 0, "192.0.2.9"),
        ("198.51.100.7", 0, "192.0.2.9"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.66, 198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.66, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("", 1, "192.0.2.9"),
        ("10.0.0.2", 2, "192.0.2.9"),
    ],
)
def test_the_client_is_whom_our_own_proxies_saw(forwarded_for: str, proxies: int, client: str) -> None:
    _status, environ = _ask(x_forwarded_for=forwarded_for, proxies=proxies)
    assert environ["REMOTE_ADDR"] == client


@pytest.mark.parametrize("charset", ["zip", "idna", "utf-7", '"utf-16"', "", "x; charset=rot13"])
def test_nobody_names_the_codec_that_an_address_or_a_form_is_read_with(charset: str) -> None:
    """Python has some that are no character sets: any page was a fault of ours with them, before anybody had signed in."""
    kind = f"multipart/form-data; boundary=b; Charset={charset}"
    _status, environ = _ask(content_type=kind)
    assert environ["CONTENT_TYPE"] == "multipart/form-data; boundary=b"


@pytest.mark.parametrize("named", ["boundary*=idna''%ff", "a*0*=zip''b; c", "x *=utf-8''y"])
def test_no_value_of_a_content_type_names_a_codec_itself(named: str) -> None:
    """`boundary*=idna''%ff` (RFC 2231) was a fault of ours at any address, before anybody had signed in."""
    _status, environ = _ask(content_type=f"multipart/form-data; boundary=b; {named}")
    assert environ["CONTENT_TYPE"].startswith("multipart/form-data; boundary=b")
    assert "*" not in environ["CONTENT_TYPE"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000"])
def test_another_loopback_name_is_led_to_the_public_one(host: str) -> None:
    status, environ = _ask(public="http://localhost:8000", host=host)
    assert (status, environ) == ("307 Temporary Redirect http://localhost:8000/desk/?q=1", {})


@pytest.mark.parametrize("path", ["/health", "/metrics"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_a_monitor_of_this_machine_is_answered_under_any_loopback_name(host: str, path: str) -> None:
    """A fault found: `curl -f http://127.0.0.1:8000/health` was led on with an empty answer, which is no failure to it: always green."""
    status, environ = _ask(public="http://localhost:8000", path=path, host=host)
    assert (status, environ["HTTP_HOST"]) == ("200 OK", "localhost:8000")


def test_a_monitor_that_does_not_know_the_public_name_is_left_to_the_refusal_of_the_application() -> None:
    _status, environ = _ask(path="/health", host="127.0.0.1:8000")
    assert environ["HTTP_HOST"] == "127.0.0.1:8000"


@pytest.mark.parametrize("host", ["localhost:8000", "evil.example", "[", ""])
def test_any_other_host_is_left_to_the_application(host: str) -> None:
    status, _environ = _ask(public="http://localhost:8000", host=host)
    assert status == "200 OK"


def _live(path: str, **headers: str) -> list[MutableMapping[str, Any]]:
    sent: list[MutableMapping[str, Any]] = []

    async def application(_scope: Any, _receive: Any, send: front.Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {}

    scope = {
        "type": "http",
        "path": path,
        "scheme": "http",
        "client": ("192.0.2.9", 1),
        "headers": [
            (name.replace("_", "-").encode(), value.encode())
            for name, value in {"host": "support.example.it", **headers}.items()
        ],
    }

    async def ask() -> None:
        await front.live_only(application, public_url=PUBLIC, proxies=0)(scope, receive, send)

    asyncio.run(ask())
    return sent


def test_live_updates_answer_the_public_origin_with_its_cookies() -> None:
    headers = dict(_live("/live/queue", origin=PUBLIC)[0]["headers"])
    assert headers[b"access-control-allow-origin"] == PUBLIC.encode()
    assert headers[b"access-control-allow-credentials"] == b"true"


def test_live_updates_of_the_same_origin_need_no_permission() -> None:
    answer = _live("/live/queue")[0]
    assert answer["status"] == 200
    assert not [name for name, _value in answer["headers"] if name.startswith(b"access-control")]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://support.example.it", "https://support.example.it.evil.example"]
)
def test_live_updates_refuse_any_other_origin(origin: str) -> None:
    assert _live("/live/queue", origin=origin)[0]["status"] == 403


def test_the_live_process_serves_no_pages() -> None:
    assert _live("/desk/")[0]["status"] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "support.example.it.evil.example", "", "support.example.it@evil.example"]
)
def test_live_updates_are_ours_under_our_name_only(host: str) -> None:
    assert _live("/live/queue", host=host)[0]["status"] == 400


@pytest.mark.parametrize("path", ["/desk/", "/live/queue"])
def test_s06_refusals_before_the_site_protect_themselves(path: str) -> None:
    headers = dict(_live(path, host="evil.example")[0]["headers"])
    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")
    assert headers[b"x-frame-options"] == b"DENY"
    assert headers[b"strict-transport-security"] == b"max-age=31536000; includeSubDomains"


def test_s06_an_answer_that_protects_itself_is_left_as_it_is() -> None:
    seen: list[tuple[str, str]] = []

    def application(_environ: dict[str, Any], start_response: front.StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Security-Policy", "sandbox"), ("Cache-Control", "max-age=60")])
        return []

    wrapped = front.behind(application, public_url=PUBLIC, proxies=0)
    list(wrapped({"REQUEST_METHOD": "GET"}, lambda _status, pairs: seen.extend(pairs)))
    assert [value for name, value in seen if name.lower() in {"content-security-policy", "cache-control"}] == [
        "sandbox",
        "max-age=60",
    ]
    assert ("x-frame-options", "DENY") in seen
