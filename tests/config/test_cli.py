"""The command line: exit codes, sentences instead of tracebacks, and a mail that is never lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sportello.config import PACKAGE, variables
from sportello.config.env import SettingError
from tests.ports import free_port

MAIL = b"From: anna@example.com\nTo: support@hosting.example\nSubject: Sito fermo\n\nAiuto\n"


def _sportello(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """One command in a process of its own, with only these settings over the tests' own."""
    whole = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **environment}
    return subprocess.run(
        [sys.executable, "-m", "sportello", *arguments], env=whole, input=stdin, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"DATABASE_URL": "postgresql://sportello@127.0.0.1:1/sportello"},
        {"DATABASE_URL": "mysql://nobody@nowhere/nothing"},
        {"SPORTELLO_SECRET_KEY": "", "SPORTELLO_SECRET_KEY_FILE": "/nowhere/key"},
        {"SPORTELLO_LMTP_PORT": "twenty-five"},
        {"SPORTELLO_MAIL_MAX_BYTES": "65536"},
        {"PYTHONPATH": str(PACKAGE.parent), "DJANGO_SETTINGS_MODULE": "not.there"},
    ],
    ids=["no database", "no such kind of database", "no key", "wrong port", "mail too large", "broken installation"],
)
def test_a_mail_that_cannot_be_stored_is_left_to_the_mail_server(broken: Mapping[str, str]) -> None:
    found = _sportello(
        "mail", "receive", "--recipient", "support@hosting.example", stdin=MAIL + b"x" * 70_000, **broken
    )
    assert found.returncode == 75
    assert found.stderr.decode().startswith("sportello: ")


@pytest.mark.parametrize("arguments", [["--recipent", "a@b.example"], ["--recipient"], ["a@b.example", "surplus"]])
def test_a_misspelt_option_of_the_pipe_loses_no_mail(arguments: list[str]) -> None:
    assert _sportello("mail", "receive", *arguments, stdin=MAIL).returncode == 75


def test_no_mail_at_all_is_not_stored() -> None:
    assert _sportello("mail", "receive", stdin=b"\n").returncode == 75


def test_the_pipe_has_its_help() -> None:
    found = _sportello("mail", "receive", "--help")
    assert found.returncode == 0
    assert b"--recipient" in found.stdout


@pytest.mark.parametrize("command", [["web"], ["worker"], ["migrate"], ["up"]])
def test_a_setting_that_cannot_be_used_is_one_sentence(command: list[str]) -> None:
    found = _sportello(*command, SPORTELLO_WEB_PORT="eighty", SPORTELLO_LIVE_PORT="eighty")
    assert found.returncode == 1
    assert found.stderr.decode().count("\n") == 1
    assert "'eighty' cannot be used: it is not a whole number." in found.stderr.decode()


def test_the_doctor_finds_a_lost_database_once() -> None:
    found = _sportello("doctor", DATABASE_URL="postgresql://sportello@127.0.0.1:1/sportello")
    said = found.stdout.decode()
    assert found.returncode == 1
    assert "BAD  database: connection failed" in said
    assert "-> check DATABASE_URL and that server" in said
    assert not re.search("^(BAD|ok )  (people|mail in|jobs):", said, flags=re.MULTILINE)
    assert found.stderr == b""


def test_the_doctor_names_every_setting_that_cannot_be_used() -> None:
    found = _sportello("doctor", SPORTELLO_WEB_PORT="eighty", SPORTELLO_SMTP_PORT="nought")
    said = found.stdout.decode()
    assert (found.returncode, found.stderr) == (1, b"")
    assert "BAD  settings: SPORTELLO_WEB_PORT: 'eighty' cannot be used" in said
    assert "BAD  settings: SPORTELLO_SMTP_PORT: 'nought' cannot be used" in said
    assert said.endswith("2 to mend; then ask again, for the rest could not be looked at.\n")


def test_the_doctor_without_a_data_folder_still_says_everything(tmp_path: Path) -> None:
    data = tmp_path / "none"
    nobody_listens = str(free_port())  # a desk of this machine may be at the usual one
    found = _sportello(
        "doctor", SPORTELLO_DATA=str(data), SPORTELLO_SECRET_KEY="", DATABASE_URL="", SPORTELLO_LMTP_PORT=nobody_listens
    )
    said = found.stdout.decode()
    assert (found.returncode, found.stderr) == (1, b"")
    for subject in ("data folder", "secret key", "mail by LMTP", "database"):
        assert re.search(f"^BAD  {subject}: ", said, flags=re.MULTILINE), said
    assert f"BAD  data folder: {data} is not there" in said
    assert not data.exists()


def test_the_help_names_every_command() -> None:
    said = _sportello("--help").stdout.decode()
    named = set(re.findall(r"^    ([a-z-]+)\b", said, flags=re.MULTILINE))
    assert named == {
        *("up", "web", "live", "worker", "mail-door", "migrate", "demo", "doctor", "mail", "user", "settings"),
        *("backup", "restore", "check-files", "import", "setup", "status-export"),
    }


def test_without_a_command_it_says_how() -> None:
    found = _sportello()
    assert found.returncode == 2
    assert found.stderr.startswith(b"usage: sportello")


def test_production_settings_pass_the_frameworks_own_check(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "SPORTELLO_PUBLIC_URL": "https://support.hosting.example",
        "SPORTELLO_SECRET_KEY": "fj3-92jd_kq0s8JHbn2lsA8xkw02jsnc7Gha6v1Lq0pZmx4T-w8Bd5",
        "SPORTELLO_DATA": str(tmp_path),
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")


def test_every_model_has_its_migration() -> None:
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "No changes detected\n")


def test_a_setting_error_never_shows_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres:hunter2")
    with pytest.raises(SettingError) as refused:
        variables.DATABASE_URL.read()
    assert "hunter2" not in str(refused.value)
