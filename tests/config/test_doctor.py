"""The doctor says what is wrong and how to mend it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from sportello.accounts.models import User
from sportello.config import cli, doctor
from sportello.mail.enums import Purpose
from sportello.mail.models import Mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def _bad() -> dict[str, str]:
    """What is wrong, by subject, with what mends it."""
    return {finding.subject: f"{finding.words} -> {finding.mend}" for finding in doctor.examine() if not finding.good}


def test_every_bad_finding_says_how_to_mend_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["doctor"]) == 1
    said = capsys.readouterr().out.splitlines()
    bad = [number for number, line in enumerate(said) if line.startswith("BAD")]
    assert bad
    assert all(said[number + 1].startswith("     -> ") for number in bad)
    assert said[-1] == f"{len(bad)} to mend."


def test_a_process_that_does_not_run_is_named_with_its_command(settings: Settings) -> None:
    settings.LMTP_PORT = 1
    assert (
        _bad()["mail by LMTP"]
        == "nothing listens on 127.0.0.1:1 (Connection refused) -> start it: `sportello mail-door`, or all with `sportello up`"
    )


def test_a_process_that_runs_is_fine(settings: Settings, server: int) -> None:
    settings.LMTP_PORT = server
    assert "mail by LMTP" not in _bad()


def test_a_misspelt_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_SMPT_HOST", "mail.example.it")
    assert "SPORTELLO_SMPT_HOST is set, but there is no such setting" in _bad()["settings"]


def test_a_short_key_and_an_open_key_file_are_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPORTELLO_DATA", str(tmp_path))
    (tmp_path / "secret-key").write_text("k", encoding="ascii")
    (tmp_path / "secret-key").chmod(0o644)
    assert f"chmod 600 {tmp_path}/secret-key" in _bad()["secret key"]
    settings.SECRET_KEY = "short"
    assert "too short" in _bad()["secret key"]


def test_an_unencrypted_public_address_is_found(settings: Settings) -> None:
    settings.PUBLIC_URL = "http://support.hosting.example"
    assert "is not encrypted" in _bad()["public address"]


def test_a_mail_server_that_does_not_answer_is_found(settings: Settings) -> None:
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", 1
    assert "127.0.0.1:1 refuses or does not answer" in _bad()["mail out"]


def test_in_a_demonstration_no_mail_server_is_asked(settings: Settings) -> None:
    settings.DEMO = True
    assert "mail out" not in _bad()


def test_without_an_administrator_nobody_can_administer() -> None:
    assert "sportello user create" in _bad()["people"]
    User.objects.create(email="anna@hosting.example", name="Anna", role="admin")
    assert "people" not in _bad()


def test_without_a_mailbox_every_mail_is_refused() -> None:
    assert "there is no mailbox" in _bad()["mail in"]
    Mailbox.objects.create(address="support@hosting.example", purpose=Purpose.SUPPORT, display_name="A")
    assert "no mail has ever come in" in _bad()["mail in"]


def test_the_page_about_sending_domains_is_where_the_doctor_says(settings: Settings, client: Client) -> None:
    Mailbox.objects.create(address="support@hosting.example", purpose=Purpose.SUPPORT, display_name="A")
    client.force_login(User.objects.create(email="anna@hosting.example", name="Anna", role="admin"))
    said = next(finding.words for finding in doctor.examine() if finding.subject == "sender")
    assert client.get(said.rpartition(settings.PUBLIC_URL)[2]).status_code == 200


def test_a_job_left_by_a_dead_worker_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('x', 'y', 'doing')")
    assert _bad()["jobs_stalled"].startswith("Work was begun by a worker that is gone")
