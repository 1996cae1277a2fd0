"""Nobody outside can add a line to the log, and nothing secret stands in it (S42)."""

from __future__ import annotations

import json
import logging
import sys
import time

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from sportello.config import logs
from sportello.mail.models import Mailbox
from tests.factories import make_mailbox

HOSTILE = "a\r\n2026-01-01T00:00:00 web ERROR forged: b\u2028c\x1b[31m\x00\x85"


def _record(text: str) -> logging.LogRecord:
    return logging.LogRecord("sportello", logging.WARNING, __file__, 1, "from %s", (text,), None)


@pytest.mark.parametrize("formatter", [logs.OneLine("%(message)s"), logs.OneObject()], ids=["text", "json"])
def test_s42_text_from_outside_adds_no_line(formatter: logging.Formatter) -> None:
    line = formatter.format(_record(HOSTILE))
    assert line.splitlines() == [line]
    assert "\x1b" not in line


@pytest.mark.django_db
@pytest.mark.parametrize("formatter", [logs.OneLine("%(message)s"), logs.OneObject()], ids=["text", "json"])
def test_s42_the_row_that_the_database_refused_does_not_stand_in_the_log(formatter: logging.Formatter) -> None:
    """PostgreSQL quotes it in its DETAIL: "Key (address)=(anna@example.com) already exists."."""
    address = "anna@example.com"
    mailbox = make_mailbox(address)
    record = _record("x")
    try:
        with transaction.atomic():
            Mailbox.objects.filter(pk=mailbox.pk).update(address=f"\n\n{address}", purpose=None)
    except IntegrityError:
        record.exc_info = sys.exc_info()
    line = formatter.format(record)
    assert "IntegrityError" in line
    assert "DETAIL: not logged" in line
    assert address not in line


def test_a_json_line_has_the_facts_and_the_number_of_the_request() -> None:
    token = logs.about.set("0123")
    record = _record("x")
    record.facts = {"route": "desk:queue", "ms": 1.5}
    found = json.loads(logs.OneObject().format(record))
    logs.about.reset(token)
    assert {name: found[name] for name in ("level", "message", "route", "ms", "request")} == {
        "level": "warning",
        "message": "from x",
        "route": "desk:queue",
        "ms": 1.5,
        "request": "0123",
    }


@pytest.mark.django_db
def test_s42_a_request_is_one_line_that_holds_no_address_and_no_query(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "sportello.access"):
        answer = client.get("/portal/sign-in/SECRET-TOKEN/?password=SECRET", headers={"user-agent": HOSTILE})
    lines = [record.getMessage() for record in caplog.records if record.name == "sportello.access"]
    assert len(lines) == 1
    assert "SECRET" not in lines[0]
    assert "forged" not in lines[0]
    assert len(answer["X-Request-Id"]) == 16


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"--b", b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" * 1_001 + b"--b--\r\n"]
)
def test_s42_a_form_that_cannot_be_read_is_a_line_and_no_traceback(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Broken multipart and too many fields stood there with the whole way through our code, as often as a stranger liked."""
    kind = "multipart/form-data; boundary=b" if body != b"--b" else "multipart/form-data"
    answer = Client(enforce_csrf_checks=True, raise_request_exception=False).post(
        "/account/login/", body, kind, headers={"cookie": f"csrf={'a' * 32}"}
    )
    assert answer.status_code == 400
    told = [record for record in caplog.records if record.name.startswith("django.") and logs.of_the_sender(record)]
    assert told
    assert [(record.levelname, record.exc_info) for record in told] == [("WARNING", None)] * len(told)


def test_every_line_says_the_time_in_utc_whatever_zone_its_process_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django puts a process into the zone of the pages as soon as it is set up; those that never are stay in the machine's."""
    text = logs.configuration("info")["formatters"]["text"]
    record = _record("x")
    record.created = 1_764_000_000.0
    for zone in ("Europe/Rome", "America/New_York", "UTC"):
        with monkeypatch.context() as patched:
            patched.setenv("TZ", zone)
            time.tzset()
            line = logs.OneLine(text["fmt"], text["datefmt"]).format(record)
        assert line.startswith("2025-11-24T16:00:00Z "), zone
    time.tzset()
