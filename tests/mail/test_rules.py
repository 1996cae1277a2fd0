"""What a mail server's answer means for a mail, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sportello.mail.rules import (
    OUTAGE_FIRST,
    Answer,
    Outcome,
    Phase,
    next_attempt,
    outcome,
    urgency,
)

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before the clocks go forward in Rome


@pytest.mark.parametrize("code", [250, 251, 200, 299])
def test_only_a_yes_to_the_whole_mail_is_sent(code: int) -> None:
    assert outcome(Answer(Phase.DATA, code, "")) is Outcome.SENT
    assert outcome(Answer(Phase.RECIPIENT, code, "")) is Outcome.RETRY


@pytest.mark.parametrize("phase", [Phase.SENDER, Phase.RECIPIENT, Phase.DATA])
@pytest.mark.parametrize("code", [500, 521, 550, 552, 554, 599])
def test_a_refusal_of_this_mail_is_for_good(phase: Phase, code: int) -> None:
    assert outcome(Answer(phase, code, "")) is Outcome.FAILED


@pytest.mark.parametrize("phase", [Phase.CONNECT, Phase.HELLO, Phase.TLS, Phase.AUTH])
@pytest.mark.parametrize("code", [454, 535, 550, 554])
def test_a_refusal_of_us_loses_no_mail(phase: Phase, code: int) -> None:
    assert outcome(Answer(phase, code, "")) is Outcome.RETRY


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.READER])
@pytest.mark.parametrize("code", [0, 421, 450, 451, 452, 354, 300, 600, 199])
def test_everything_else_is_tried_again(phase: Phase, code: int) -> None:
    assert outcome(Answer(phase, code, "")) is Outcome.RETRY


def test_the_pauses_grow_to_an_hour() -> None:
    pauses = [next_attempt(attempts=attempts, since=NOW, now=NOW) for attempts in range(1, 9)]
    assert [(at - NOW) // timedelta(minutes=1) for at in pauses if at] == [1, 2, 5, 10, 30, 60, 60, 60]


def test_it_ends_after_two_days() -> None:
    assert next_attempt(attempts=40, since=NOW, now=NOW + timedelta(hours=47, minutes=59)) == NOW + timedelta(
        hours=48, minutes=59
    )
    assert next_attempt(attempts=40, since=NOW, now=NOW + timedelta(hours=48)) is None


def test_what_a_person_is_shown_is_short() -> None:
    assert Answer(Phase.DATA, 550, "x" * 600).words == f"550 {'x' * 496}"
    assert Answer(Phase.CONNECT, 0, "Connection refused").words == "Connection refused"


@pytest.mark.parametrize("subject", ["sito down", "Re: SITO NON RAGGIUNGIBILE", "Errore 503 su tutti i siti"])
def test_an_outage_is_read_first(subject: str) -> None:
    assert urgency(subject) == OUTAGE_FIRST


@pytest.mark.parametrize("subject", ["", "Download della fattura", "Rinnovo del dominio", "countdown", "Urgente!!!"])
def test_other_mail_is_read_in_turn(subject: str) -> None:
    assert urgency(subject) == 0
