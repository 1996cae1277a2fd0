"""What an arrived mail may do: pure rules, decided over values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sportello.intake.rules import (
    Arrival,
    Fate,
    Join,
    Judgement,
    Mark,
    Open,
    Stop,
    Thread,
    Trust,
    aligned,
    copies_of,
    place,
    refusal_to_answer,
    sender_of,
    trust_in,
)
from sportello.mail.parsing import Authentication, Automatic, Check, ParsedMail, Pec, PecKind
from sportello.mail.reasons import AnswerReason, MailReason

OURS = frozenset({"support@provider.example", "info@provider.example"})
LAURA = "laura@doria.example"


def mail(**values: Any) -> ParsedMail:
    return ParsedMail(sha256="0" * 64, size=100, **{"from_addr": LAURA, "sender_addr": LAURA, **values})


def arrival(**values: Any) -> Arrival:
    given = {
        "mail": mail(),
        "sender": LAURA,
        "envelope_from": LAURA,
        "trust": Trust.UNCHECKED,
        "is_support": True,
        "is_customer": True,
        "own_addresses": OURS,
    }
    return Arrival(**{**given, **values})


# -- who is it -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "envelope", "expected"),
    [
        (mail(from_addr="Laura@Doria.example"), "", (LAURA, True)),
        (mail(from_addr="", sender_addr="reply@doria.example"), "", ("reply@doria.example", False)),
        (mail(from_addr="", sender_addr=""), LAURA, (LAURA, False)),
        (mail(from_addr="nobody", sender_addr=""), None, ("", False)),
        (mail(from_addr="info@provider.example", reply_to=("marco@riva.example",)), "", ("marco@riva.example", False)),
        (mail(from_addr="info@provider.example", reply_to=("support+t1@provider.example",)), "", ("info@provider.example", True)),
        (mail(from_addr=LAURA, reply_to=("other@doria.example",)), "", (LAURA, True)),
        (mail(from_addr=f"{'l' * 250}@doria.example"), "", (LAURA, False)),
    ],
)  # fmt: skip
def test_the_sender_is_from_or_what_stands_in_for_it(
    written: ParsedMail, envelope: str | None, expected: tuple[str, bool]
) -> None:
    assert sender_of(written, envelope, OURS) == expected


def checks(spf: str = "", dkim: str = "", dmarc: str = "", *, domain: str = "doria.example") -> Authentication:
    return Authentication(
        spf=Check(spf, domain) if spf else None,
        dkim=(Check(dkim, domain),) if dkim else (),
        dmarc=Check(dmarc, domain) if dmarc else None,
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Authentication(), Trust.NO_RESULT),
        (checks(dmarc="pass"), Trust.PASSED),
        (checks(dmarc="fail", spf="pass", dkim="pass", domain="attacker.example"), Trust.FAILED),
        (checks(dmarc="fail", spf="pass"), Trust.FAILED),
        (checks(dmarc="none", spf="pass"), Trust.PASSED),
        (checks(dkim="pass"), Trust.PASSED),
        (checks(spf="pass", domain="mail.doria.example"), Trust.PASSED),
        (checks(spf="pass", domain="attacker.example"), Trust.UNPROVEN),
        (checks(spf="pass", domain="evildoria.example"), Trust.UNPROVEN),
        (checks(spf="pass", domain="example"), Trust.UNPROVEN),
        (checks(spf="fail"), Trust.FAILED),
        (checks(spf="softfail"), Trust.UNPROVEN),
        (checks(spf="fail", dkim="pass"), Trust.PASSED),
        (checks(dmarc="temperror"), Trust.UNPROVEN),
        (checks(dmarc="pass", domain="attacker.example"), Trust.UNPROVEN),
        (checks(dmarc="pass", domain=""), Trust.UNPROVEN),
    ],
)
def test_trust_needs_a_pass_for_the_senders_own_domain(found: Authentication, expected: Trust) -> None:
    assert trust_in(mail(authentication=found), LAURA, checked=True) is expected


def test_without_a_mail_server_of_ours_nothing_is_checked() -> None:
    assert trust_in(mail(authentication=checks(dmarc="fail")), LAURA, checked=False) is Trust.UNCHECKED


@pytest.mark.parametrize(
    ("envelope", "expected"), [("pec.doria.example", Trust.PASSED), ("pec.attacker.example", Trust.UNPROVEN)]
)
def test_a_certified_envelope_proves_only_writers_of_its_own_domain(envelope: str, expected: Trust) -> None:
    pec = Pec(PecKind.CERTIFIED, True, f"posta-certificata@{envelope}", "id@x", "")
    assert trust_in(mail(pec=pec, authentication=checks(dmarc="pass")), LAURA, checked=True) is expected


def test_alignment_counts_whole_labels() -> None:
    assert [aligned(a, b) for a, b in [("a.it", "a.it"), ("b.a.it", "a.it"), ("ba.it", "a.it"), ("it", "a.it"), ("", "")]] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_copies_are_few_and_none_of_ours() -> None:
    written = mail(
        to=("support+x@Provider.example", "tom@doria.example", "TOM@doria.example"),
        cc=(LAURA, "nonsense", *(f"n{number}@doria.example" for number in range(20))),
    )
    copies = copies_of(written, sender=LAURA, own_addresses=OURS)
    assert copies == ["tom@doria.example", *(f"n{number}@doria.example" for number in range(9))]


# -- where does it go ----------------------------------------------------------------------------------------------------
THREAD = Thread(ticket_id=7, number=42, is_rightful=True)


@pytest.mark.parametrize(
    ("thread", "trust", "expected"),
    [
        (None, Trust.UNPROVEN, Open()),
        (THREAD, Trust.PASSED, Join(7)),
        (THREAD, Trust.UNCHECKED, Join(7)),
        (THREAD, Trust.UNPROVEN, MailReason.UNPROVEN_ON_THREAD),
        (replace(THREAD, is_rightful=False), Trust.PASSED, MailReason.STRANGER_ON_THREAD),
        (replace(THREAD, is_rightful=False), Trust.UNPROVEN, MailReason.STRANGER_ON_THREAD),
    ],
)
def test_a_ticket_is_joined_by_a_proven_participant_only(
    thread: Thread | None, trust: Trust, expected: Open | Join | MailReason
) -> None:
    found = place(arrival(thread=thread, trust=trust), Judgement())
    assert (found.reason if isinstance(found, Stop) else found) == expected
    assert not isinstance(found, Stop) or found.fate is Fate.HOLD


def test_a_strangers_absence_notice_waits_for_nobody() -> None:
    judged = Judgement(marks=(Mark(MailReason.AUTO_REPLY, is_automatic=True),))
    found = place(arrival(thread=replace(THREAD, is_rightful=False)), judged)
    assert isinstance(found, Stop)
    assert (found.fate, found.reason) == (Fate.RECORD, MailReason.AUTO_REPLY_STRANGER)


# -- does it get an answer -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "allowed", "expected"),
    [
        ({}, True, None),
        ({}, False, AnswerReason.PREVIEW),
        ({"envelope_from": ""}, True, AnswerReason.NULL_SENDER),
        ({"envelope_from": None, "mail": mail(return_path="")}, True, AnswerReason.NULL_SENDER),
        ({"envelope_from": None}, True, None),
        ({"mail": mail(automatic=Automatic(no_answer=True))}, False, AnswerReason.AUTOMATIC),
        ({"trust": Trust.FAILED}, True, AnswerReason.UNTRUSTED),
        ({"sender": ""}, True, AnswerReason.NO_ADDRESS),
        ({"sender": "info+x@provider.example"}, True, AnswerReason.OWN),
    ],
)
def test_who_gets_no_receipt_and_why(changes: dict[str, Any], allowed: bool, expected: AnswerReason | None) -> None:
    assert refusal_to_answer(arrival(**changes), Judgement(), allowed=allowed) == expected
