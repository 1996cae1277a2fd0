"""`sportello setup`: from nothing to a first administrator; left, taken up again, and clear about what cannot be used."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.accounts.enums import SetupStep
from sportello.accounts.models import AuditEntry
from sportello.accounts.queries import decided_steps
from sportello.config import asking, kept
from sportello.config.asking import Step
from sportello.config.env import SettingError
from sportello.config.hours import NotHoursError, in_words, week_of
from sportello.config.steps import steps
from sportello.telephone.queries import our_numbers
from sportello.triage.models import Calendar
from sportello.triage.queries import queue_by_slug
from tests.config.house import House

PASSWORD = "in-the-first-hour-2026"


# -- hours in one line ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("24/7", "24/7"),
        ("Mon-Fri 9:00-18:00", "Mon-Fri 09:00-18:00"),
        ("lun-ven 9-13, 14-18; sab 9-12", "Mon-Fri 09:00-13:00, 14:00-18:00; Sat 09:00-12:00"),
        ("Fri-Mon 8.30-24:00", "Mon 08:30-24:00; Fri-Sun 08:30-24:00"),
        ("lunedì 9-12", "Mon 09:00-12:00"),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, said: str) -> None:
    assert in_words(week_of(written)) == said
    assert in_words(week_of(said)) == said


@pytest.mark.parametrize("written", ["", "always", "Mon-Fri", "Mon-Fri 18-9", "Xyz 9-18", "Mon 9:75-18", "Mon 9-25"])
def test_what_are_no_hours_is_said(written: str) -> None:
    with pytest.raises(NotHoursError):
        week_of(written)


@given(st.text(max_size=60))
def test_whatever_is_written_gives_hours_or_a_sentence(written: str) -> None:
    try:
        week = week_of(written)
    except NotHoursError:
        return
    assert week_of(in_words(week)) == week


# -- the file of the data folder -----------------------------------------------------------------------------------------
@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPORTELLO_DATA", str(tmp_path))
    for setting in kept.WRITTEN:
        monkeypatch.setenv(setting.name, "")  # so that it is put back, whatever is loaded
        monkeypatch.delenv(setting.name)
    monkeypatch.setattr(kept, "_loaded", set())
    return tmp_path


def test_what_is_written_down_counts_where_the_environment_says_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.write({"SPORTELLO_PROVIDER_NAME": "Rete “Serena” & figli"})
    kept.write({"SPORTELLO_LANGUAGE": "en"})
    assert kept.read() == {"SPORTELLO_PROVIDER_NAME": "Rete “Serena” & figli", "SPORTELLO_LANGUAGE": "en"}
    monkeypatch.setenv("SPORTELLO_PROVIDER_NAME", "Another")
    monkeypatch.delenv("SPORTELLO_LANGUAGE")
    kept.load()
    assert (os.environ["SPORTELLO_PROVIDER_NAME"], os.environ["SPORTELLO_LANGUAGE"]) == ("Another", "en")


@pytest.mark.parametrize("line", ["SPORTELLO_DEMO=yes", "PATH=/tmp", "SPORTELLO_LANGUAGE", "SPORTELLO_LANGUAGE=a b"])
def test_the_file_sets_nothing_but_what_setup_asks_for(data: Path, line: str) -> None:
    (data / kept.FILE).write_text(line, encoding="utf-8")
    with pytest.raises(SettingError, match="cannot be used"):
        kept.load()


# -- what stands in the database -----------------------------------------------------------------------------------------
def _give(**answers: str) -> None:
    asking.give(steps("Rete Serena"), {name.replace("_", "-"): value for name, value in answers.items()})


@pytest.mark.django_db
def test_answers_become_what_the_desk_keeps_and_twice_the_same_changes_nothing() -> None:
    answers = {
        "support_address": "assistenza@reteserena.example",
        "telephone": "06 1234567",
        "hours": "lun-ven 9-13, 14-18",
        "holidays": "IT",
        "promise": "15,60,240",
    }
    _give(**answers)
    queue = queue_by_slug("support")
    assert (queue.calendar.holidays_country, queue.calendar.weekly["4"]) == (
        "IT",
        [["09:00", "13:00"], ["14:00", "18:00"]],
    )
    assert (queue.policy.first_response, our_numbers()) == (15, ["+39061234567"])
    assert set(decided_steps()) == {SetupStep.HOURS, SetupStep.PROMISE}
    audited, calendars = AuditEntry.objects.count(), Calendar.objects.count()
    _give(**answers)
    assert (AuditEntry.objects.count(), Calendar.objects.count()) == (audited, calendars)
    assert asking.missing(steps("Rete Serena")) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("support_address", "assistenza"),
        ("telephone", "in ufficio"),
        ("hours", "sempre"),
        ("holidays", "XX"),
        ("promise", "10,60"),
        ("promise", "0,60,240"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_name_of_the_question(option: str, value: str) -> None:
    with pytest.raises(SettingError, match=r"^[A-Z].*: .+\.$"):
        _give(**{option: value})


# -- asking --------------------------------------------------------------------------------------------------------------
def _step(answers: dict[str, str], name: str) -> Step:
    def put(value: str) -> None:
        if value == "bad":
            raise SettingError("that is bad.")
        answers[name] = value

    return Step(name, name, lambda: answers.get(name, ""), lambda: name in answers, put)


def test_who_leaves_goes_on_at_the_first_open_question(capsys: pytest.CaptureFixture[str]) -> None:
    answers: dict[str, str] = {}
    asked = [_step(answers, "one"), _step(answers, "two"), _step(answers, "three")]
    said = iter(["1", "bad", "2"])

    def leaving(question: str) -> str:
        print(question)
        try:
            return next(said)
        except StopIteration:
            raise EOFError from None

    with pytest.raises(EOFError):
        asking.ask(asked, by=leaving, again=False)
    assert (answers, [step.title for step in asking.missing(asked)]) == ({"one": "1", "two": "2"}, ["three"])
    assert "two: that is bad." in capsys.readouterr().out
    said = iter(["-"])
    asking.ask(asked, by=leaving, again=False)
    assert capsys.readouterr().out.splitlines() == ["three: "]


# -- the command ---------------------------------------------------------------------------------------------------------
def test_a_bare_folder_is_set_up_at_the_terminal_and_the_password_is_not_echoed(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert house.run("setup", "--check").returncode == 1
    mistaken = ["Giulia Rinaldi", "giulia@reteserena.example", "Giulia Rinaldi", PASSWORD, "another", "short", "short"]
    answers = ["Rete Serena", "", "", "", *mistaken, PASSWORD, PASSWORD]
    code, screen = _at_a_terminal(house, [*answers, "assistenza@reteserena.example", "-", "06 1234567", "", "", "", ""])
    assert (code, PASSWORD in screen) == (0, False), screen
    said = ("This is not a mail address.", "The two passwords differ.", "This password is too short.")
    assert [sentence for sentence in said if sentence not in screen] == []
    assert screen.count("Their name: ") == 1
    assert "Nothing is sent to anyone until you say so on the desk." in screen
    checked = house.run("setup", "--check")
    assert (checked.returncode, b"Rete Serena" in checked.stdout) == (0, True), checked.stdout


def _at_a_terminal(house: House, answers: list[str]) -> tuple[int, str]:
    """All is typed ahead, as the kernel's line buffer lets anybody; the command reads it line by line."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sportello", "setup"], env=house.environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    screen, waiting = "", list(answers)
    while chunk := _read(ours):
        screen += chunk
        if waiting and screen.endswith(": "):
            os.write(ours, f"{waiting.pop(0)}\n".encode())
    os.close(ours)
    return process.wait(60), screen


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 4096).decode()
    except OSError:  # the other end has gone
        return ""
