"""What `sportello up` prints can be pasted into another terminal and works there."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sportello.config import announcement
from tests.config.house import House


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("SPORTELLO_", "DATABASE_URL")):
            monkeypatch.delenv(name)


def test_with_nothing_set_a_command_is_the_command_alone() -> None:
    assert announcement.own_command("doctor").split()[-1] == "doctor"
    assert "=" not in announcement.own_command("doctor")


def test_what_was_set_stands_before_the_command_but_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SPORTELLO_DATA", "my data")
    monkeypatch.setenv("SPORTELLO_LMTP_PORT", "2525")
    monkeypatch.setenv("DATABASE_URL_FILE", "address")
    monkeypatch.setenv("SPORTELLO_SMTP_PASSWORD", "hunter2")
    words = shlex.split(announcement.own_command("mail", "send-test"))
    assert words[-2:] == ["mail", "send-test"]
    assert f"SPORTELLO_DATA={tmp_path}/my data" in words
    assert f"DATABASE_URL_FILE={tmp_path}/address" in words
    assert "SPORTELLO_LMTP_PORT=2525" in words
    assert "hunter2" not in " ".join(words)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    yield found
    found.clear()


@pytest.mark.system
@pytest.mark.slow(55)
@pytest.mark.timeout(600)
@pytest.mark.needs("curl")
def test_the_printed_first_mails_are_taken(house: House) -> None:
    house.up("--demo")
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": house.environment["PYTHONPATH"]}
    lines = [line for line in house.log.splitlines() if "send-test" in line or "printf" in line]
    assert len(lines) == 2
    for line in lines:
        command = line.partition(":")[2].strip()
        done = subprocess.run(command, shell=True, env=bare, capture_output=True, text=True, check=False, timeout=60)  # noqa: S602 - pasted as a person would
        assert done.returncode == 0, (command, done.stderr)
    assert house.stop() == 0
