"""What every answer carries, whoever asks and whatever for (S06, S26, S45)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from sportello.accounts.enums import Role
from tests.factories import make_user
from tests.walls.asking import ask, undone
from tests.walls.hostile.forms import Site
from tests.walls.hostile.tally import IS_LONG, Tally
from tests.walls.urls import every_address
from tests.walls.world import STRANGE, World

ADDRESSES = [each for each in every_address() if each.rule]
SOME = frozenset({"admin", "customer A", "anonymous"})
NONCE = re.compile(r"'nonce-([^']+)'")
Record = Callable[[str, object], None]
PUBLIC = ("/status/", "/static/", "/.well-known/")
METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")
FORBIDDEN = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "data:", "*", "http:")


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.mark.timeout(3600 if IS_LONG else 300)
def test_s06_every_address_protects_itself(shared_world: World, site: Site, record_property: Record) -> None:
    """Whoever asks, however, and whether it is there or not."""
    tally = Tally("S06 answers of every address")
    there = [path for method in ("GET", "POST") for _, path in site.paths(method)]
    nothing = [each.path({one.name: STRANGE[one.converter] for one in each.parameters}) for each in ADDRESSES]
    for path in dict.fromkeys([*there, *nothing]):
        for person in shared_world.everybody:
            for method in METHODS if IS_LONG else ("GET",) if person.name in SOME else ():
                with undone():
                    answer = ask(person.client, method, path)
                tally.add(f"{person.name} {method} {path}", unprotected(answer, path))
    record_property("counted", str(tally))
    tally.settle()


def unprotected(answer: HttpResponse, path: str) -> list[str]:
    """What an answer lacks; a mail's frame is shown by our own pages, without scripts, and a mail of ours brings its style."""
    policy = answer["Content-Security-Policy"]
    is_sandbox = policy.startswith("sandbox")
    is_framed = path.endswith("/html") and answer.status_code == 200
    scripts = next((part for part in policy.split("; ") if part.startswith("script-src")), "")
    expected = {
        "policy": "default-src 'none'" in policy,
        "scripts": not any(word in scripts for word in FORBIDDEN),
        "styles": "unsafe-inline" not in policy or (is_sandbox and "/outbox/" in path),
        "trusted types": is_sandbox or "require-trusted-types-for 'script'" in policy,
        "nosniff": answer["X-Content-Type-Options"] == "nosniff",
        "frames": answer["X-Frame-Options"] == ("SAMEORIGIN" if is_framed else "DENY"),
        "referrer": answer["Referrer-Policy"] in {"same-origin", "no-referrer"},
        "opener": answer["Cross-Origin-Opener-Policy"] == "same-origin",
        "resource": answer["Cross-Origin-Resource-Policy"] == "same-origin",
        "permissions": "camera=()" in answer["Permissions-Policy"],
        "cache": "no-store" in answer["Cache-Control"] or path.startswith(PUBLIC),
        "origin": "Access-Control-Allow-Origin" not in answer,
        "makers": "X-Powered-By" not in answer and "Server" not in answer,
    }
    return [f"{name}: {answer.status_code} {dict(answer.items())}" for name, holds in expected.items() if not holds]


def test_a_hundred_pages_have_a_hundred_nonces(db: None) -> None:
    answers = [Client().get(reverse("account_login")) for _ in range(100)]
    nonces = {found[1] for answer in answers if (found := NONCE.search(answer["Content-Security-Policy"]))}
    assert len(nonces) == 100
    assert all(len(nonce) >= 22 for nonce in nonces)


def test_a_page_uses_the_nonce_of_its_own_answer(db: None) -> None:
    answer = Client().get(reverse("account_login"))
    found = NONCE.search(answer["Content-Security-Policy"])
    assert found
    assert f'nonce="{found[1]}"' in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/no/such/page", "/.env", "/.git/config", "/admin/", "/debug", "/metrics", "/setup", "/statuses"]
)
def test_a_missing_page_protects_itself_and_tells_nothing(path: str, db: None) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert "Django" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil.example#localhost",
        "[::1",
        "",
        "a b",
    ],
)
@pytest.mark.parametrize("header", ["host", "x-forwarded-host"])
def test_another_host_is_refused_or_makes_no_difference(host: str, header: str, db: None) -> None:
    client = Client()
    with override_settings(ALLOWED_HOSTS=["desk.provider.example"]):
        headers = {"host": "desk.provider.example", header: host}
        answer = client.get(reverse("account_login"), headers=headers)
        assert answer.status_code == (400 if header == "host" else 200)
        assert b"evil" not in answer.content


def test_behind_https_cookies_are_bound_to_the_host() -> None:
    """The settings are read once a process, so another process is asked."""
    ask = "import json; from django.conf import settings as s; print(json.dumps({n: getattr(s, n) for n in %r}))"
    names = [
        "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_NAME",
        "CSRF_COOKIE_SECURE",
        "PORTAL_COOKIE_NAME",
        "DEVICE_COOKIE_NAME",
        "SECURE_HSTS_SECONDS",
        "ALLOWED_HOSTS",
    ]
    environment = {
        **os.environ,
        "SPORTELLO_PUBLIC_URL": "https://desk.provider.example",
        "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
    }
    said = subprocess.run(
        [sys.executable, "-c", ask % names], env=environment, capture_output=True, check=True, text=True
    ).stdout
    assert json.loads(said) == {
        "SESSION_COOKIE_NAME": "__Host-sportello",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "PORTAL_COOKIE_NAME": "__Host-portal",
        "DEVICE_COOKIE_NAME": "__Host-device",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "ALLOWED_HOSTS": ["desk.provider.example"],
    }


def test_what_browsers_refused_is_counted_without_ids(world: World) -> None:
    report = {
        "csp-report": {
            "document-uri": f"http://localhost/desk/tickets/{world.ticket.public_id}/?q=tiramisu",
            "effective-directive": "script-src-elem",
            "blocked-uri": "https://evil.example/x.js?token=1",
        }
    }
    for _ in range(3):
        assert (
            Client().post("/csp-report", json.dumps(report), content_type="application/csp-report").status_code == 204
        )
    page = _as_admin(world).get(reverse("desk:audit")).content.decode()
    assert "/desk/tickets/…" in page
    assert "https://evil.example/x.js" in page
    assert "3 ×" in page
    assert "tiramisu" not in page
    assert "token=1" not in page


STRANGE_REPORTS = [
    *(b"", b"{", b"[]", b"[1]", b"{}", b'{"csp-report": 1}'),
    b'{"csp-report": {"document-uri": 5}}',
    *(b"[" * 16_000, b"x" * 20_000, b"\xff"),
]


@pytest.mark.parametrize("body", STRANGE_REPORTS)
def test_a_strange_report_does_no_harm(body: bytes, db: None) -> None:
    assert Client().post("/csp-report", body, content_type="application/csp-report").status_code == 204


@pytest.mark.usefixtures("time_stands_still")
def test_reports_are_limited(db: None) -> None:
    answers = [
        Client().post("/csp-report", b"{}", content_type="application/csp-report").status_code for _ in range(61)
    ]
    assert answers == [204] * 60 + [429]


def _as_admin(world: World) -> Client:
    client = Client()
    client.force_login(world.admin)
    return client


def test_a_refusal_is_a_page_with_a_sentence(world: World) -> None:
    reader = Client()
    reader.force_login(make_user(role=Role.READ_ONLY, language="en"))
    refused = reader.get(reverse("desk:people"))
    assert refused.status_code == 403
    assert "Only administrators can do this." in refused.content.decode()
    strange = Client(enforce_csrf_checks=True).post(reverse("account_login"), headers={"accept-language": "en"})
    assert strange.status_code == 403
    assert "The form was not accepted" in strange.content.decode()


@pytest.mark.parametrize("path", ["/account/login/", "/portal/sign-in/", "/pre-sales/"])
def test_s14_s44_a_form_in_another_charset_is_not_understood(path: str, db: None) -> None:
    """Where the token against forged requests is looked for: it stands in the body that cannot be read."""
    client = Client(enforce_csrf_checks=True)
    client.get(path)
    answer = client.post(path, "text=+ADw-", "application/x-www-form-urlencoded; charset=utf-7")
    assert (answer.status_code, "La richiesta non è stata compresa" in answer.content.decode()) == (400, True)


def test_a_fault_of_ours_tells_no_more_than_that(db: None) -> None:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF="tests.walls.faulty_urls"):
        answer = client.get("/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert "SECRET" not in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "offered", "not_offered"), [("get", "Try again", "go back"), ("post", "go back", "Try again")]
)
def test_a_database_that_is_away_is_said_kindly(method: str, offered: str, not_offered: str, db: None) -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    with override_settings(ROOT_URLCONF="tests.walls.faulty_urls"):
        answer = getattr(client, method)("/away")
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "One moment, please" in page
    assert offered in page
    assert not_offered not in page
    assert "SECRET" not in page


UNREADABLE = {
    "no boundary": (b"x", "multipart/form-data"),
    "a boundary with a blank": (
        b"--b b\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
        "multipart/form-data; boundary=b b",
    ),
    "a head without end": (
        b"--b\r\nContent-Disposition: form-data; name=" + b"x" * 5_000,
        "multipart/form-data; boundary=b",
    ),
    "too many fields": (b"a=1&" * 2_000, "application/x-www-form-urlencoded"),
    "another character set": (b"a=1", "application/x-www-form-urlencoded; charset=utf-16"),
}


@pytest.mark.parametrize("path", ["/nothing", "/nothing/", "/portal/sign-in/", "/account/login/", "/desk/", "/health"])
@pytest.mark.parametrize(("body", "kind"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_s44_a_form_that_cannot_be_read_is_refused_and_no_fault(path: str, body: bytes, kind: str, db: None) -> None:
    """The page that refuses was made by reading the form once more."""
    client = Client(enforce_csrf_checks=True)
    answer = client.generic("POST", path, body, kind, QUERY_STRING="")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip", "gzip"), ("br, gzip;q=0.5", "gzip"), ("gzip;q=0, br", None), ("gzip; Q=0.00", None)],
)
def test_what_is_not_wanted_packed_comes_unpacked(accepted: str, coding: str | None) -> None:
    """A fault found: `gzip;q=0` was taken for a wish (RFC 9110, 12.5.3)."""
    answer = Client().get("/portal/policy/", headers={"Accept-Encoding": accepted})
    assert (answer.status_code, answer.get("Content-Encoding")) == (200, coding)
