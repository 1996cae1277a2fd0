"""The whole policy for mail in, gate by gate, and that nothing about it is left unsaid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from sportello.intake.gates import GATES, judge
from sportello.intake.rules import Arrival, Effect, Fate, Ours, Thread, Trust
from sportello.mail.parsing import Automatic, Bounce, FailedRecipient, Pec, PecKind
from sportello.mail.reasons import WORDS, AnswerReason, MailReason, words
from tests.intake.test_rules import arrival, mail

THREAD = Thread(ticket_id=7, number=42, is_rightful=True)
OURS = Ours(5, "laura@doria.example")
FAILED = Bounce(
    (FailedRecipient("laura@doria.example", "5.1.1", "failed", "550 no such user"),), ("x@y",), standard=True
)
LATE = Bounce(
    (FailedRecipient("laura@doria.example", "4.4.1", "delayed", "", transient=True),), ("x@y",), standard=True
)
ABOUT_IT = replace(THREAD, subject="Risposta automatica non funziona")
SUBJECT_ONLY = mail(
    subject="Re: R: risposta automatica non funziona [#10001]",
    is_autoreply=True,
    automatic=Automatic(no_answer=True, machine=True, reasons=("subject",)),
)
ROBOT = Automatic(no_answer=True, machine=True)


@pytest.mark.parametrize(
    ("facts", "gate", "fate", "reason"),
    [
        ({"self_test_id": 3, "carries_our_mark": True}, "self_test", Fate.RECORD, MailReason.SELF_TEST_ARRIVED),
        ({"carries_our_mark": True, "mail": mail(bounce=FAILED)}, "own_loop", Fate.RECORD, MailReason.OWN_MAIL),
        ({"sender": "info@provider.example"}, "own_loop", Fate.HOLD, MailReason.OWN_ADDRESS),
        ({"mail": mail(bounce=FAILED), "about": OURS}, "bounce", Fate.RECORD, MailReason.BOUNCE),
        ({"mail": mail(bounce=LATE), "about": OURS}, "bounce", Fate.RECORD, MailReason.BOUNCE_DELAYED),
        ({"mail": mail(bounce=FAILED, automatic=ROBOT)}, "bounce", Fate.RECORD, MailReason.BOUNCE_UNKNOWN),
        ({"mail": mail(bounce=FAILED), "envelope_from": ""}, "bounce", Fate.RECORD, MailReason.BOUNCE_UNKNOWN),
        ({"mail": mail(is_complaint=True)}, "receipts", Fate.RECORD, MailReason.COMPLAINT),
        ({"mail": mail(is_read_receipt=True), "about": OURS}, "receipts", Fate.RECORD, MailReason.READ_RECEIPT),
        ({"mail": mail(is_delivery_receipt=True), "about": OURS}, "receipts", Fate.RECORD, MailReason.DELIVERY_RECEIPT),
        ({"mail": mail(is_delivery_receipt=True)}, "receipts", Fate.RECORD, MailReason.RECEIPT_UNKNOWN),
        ({"mail": mail(pec=Pec(PecKind.ACCEPTED, False, "", "", "x@y"))}, "pec_receipts", Fate.RECORD, MailReason.PEC_RECEIPT),
        ({"mail": mail(pec=Pec(PecKind.NOT_DELIVERED, False, "", "", "x@y"))}, "pec_receipts", Fate.RECORD, MailReason.PEC_FAILURE),
        ({"mail": mail(is_autoreply=True, automatic=ROBOT)}, "auto_reply", Fate.RECORD, MailReason.AUTO_REPLY_ALONE),
        ({"mail": mail(is_list=True, automatic=ROBOT), "is_customer": False}, "mailing_list", Fate.RECORD, MailReason.NEWSLETTER),
        ({"trust": Trust.FAILED}, "spoofed", Fate.HOLD, MailReason.SPOOFED),
    ],
)  # fmt: skip
def test_mail_that_becomes_no_message(facts: dict[str, Any], gate: str, fate: Fate, reason: MailReason) -> None:
    judged = judge(arrival(**facts))
    assert judged.stop is not None
    assert (judged.gate, judged.stop.fate, judged.stop.reason) == (gate, fate, reason)


@pytest.mark.parametrize(
    ("facts", "reason", "automatic", "quiet", "unverified"),
    [
        ({"envelope_from": "", "is_customer": False}, MailReason.NULL_SENDER, True, True, False),
        ({"envelope_from": ""}, MailReason.NULL_SENDER_KNOWN, False, True, False),
        (
            {"mail": mail(is_autoreply=True, automatic=ROBOT), "thread": THREAD},
            MailReason.AUTO_REPLY,
            True,
            True,
            False,
        ),
        ({"mail": SUBJECT_ONLY}, MailReason.AUTO_REPLY_MAYBE, False, True, False),
        ({"mail": SUBJECT_ONLY, "thread": ABOUT_IT}, MailReason.AUTO_REPLY_MAYBE, False, True, False),
        ({"mail": SUBJECT_ONLY, "thread": THREAD}, MailReason.AUTO_REPLY, True, True, False),
        ({"mail": mail(is_list=True)}, MailReason.LIST_POST, False, True, False),
        ({"mail": mail(automatic=ROBOT)}, MailReason.MACHINE, True, True, False),
        ({"problems": ("oversize:52428800",)}, MailReason.OVERSIZE, False, False, False),
        ({"problems": ("unfetched",)}, MailReason.UNFETCHED, False, False, False),
        ({"mail": mail(is_spam=True)}, MailReason.SPAM, False, True, False),
        ({"is_customer": False}, MailReason.UNKNOWN_SENDER, False, False, False),
        ({"is_customer": False, "trust": Trust.UNPROVEN}, MailReason.UNKNOWN_SENDER, False, False, True),
        ({"trust": Trust.UNPROVEN}, MailReason.UNPROVEN, False, False, True),
    ],
)
def test_mail_that_goes_on_marked(
    facts: dict[str, Any], reason: MailReason, automatic: bool, quiet: bool, unverified: bool
) -> None:
    judged = judge(arrival(**facts))
    assert judged.stop is None
    assert reason in [mark.reason for mark in judged.marks]
    assert (judged.is_automatic, judged.gets_no_answer, judged.is_unverified) == (automatic, quiet, unverified)


NAMED = Automatic(no_answer=True, machine=True, reasons=("robot-sender",))


@pytest.mark.parametrize(
    ("sender", "is_customer", "by_program"),
    [
        ("postmaster@doria.example", False, False),
        ("noreply@doria.example", True, False),
        ("noreply@doria.example", False, True),
    ],
)
def test_a_robots_name_alone_makes_no_robot_of_a_person(sender: str, is_customer: bool, by_program: bool) -> None:
    judged = judge(arrival(mail=mail(automatic=NAMED), sender=sender, is_customer=is_customer))
    assert judged.is_automatic == by_program


def test_a_customers_plain_mail_passes_every_gate_unmarked() -> None:
    assert judge(arrival(trust=Trust.PASSED)).marks == ()


def test_anyone_may_ask_before_buying() -> None:
    assert judge(arrival(is_support=False, is_customer=False)).marks == ()


def test_a_person_who_asks_about_a_bounce_sends_a_request() -> None:
    assert judge(arrival(mail=mail(bounce=FAILED))).stop is None


def test_a_customer_who_asks_about_a_bounce_through_a_forwarder_without_return_address_sends_a_request() -> None:
    in_words = mail(
        bounce=replace(FAILED, standard=False),
        automatic=Automatic(no_answer=True, machine=True, reasons=("null-sender", "report")),
    )
    judgement = judge(arrival(mail=in_words, envelope_from=""))
    assert (judgement.stop, judgement.is_automatic) == (None, False)


@pytest.mark.parametrize(
    ("sender", "values", "reason"),
    [
        ("mailer-daemon@x.example", {}, MailReason.BOUNCE),
        ("postmaster@x.example", {}, MailReason.BOUNCE),
        ("", {}, MailReason.BOUNCE),
        ("anna@x.example", {}, None),
        ("postmaster@x.example", {"is_autoreply": True}, MailReason.AUTO_REPLY_ALONE),
        ("postmaster@x.example", {"is_read_receipt": True}, MailReason.READ_RECEIPT),
    ],
)
def test_a_mail_systems_letter_to_the_envelope_sender_is_a_bounce_in_whatever_language(
    sender: str, values: dict[str, Any], reason: MailReason | None
) -> None:
    """It was recorded as an absence notice of a stranger, and nobody learnt that the answer had not arrived."""
    facts = {"sender": sender, "envelope_from": "", "is_customer": False, "about": replace(OURS, at_its_envelope=True)}
    stop = judge(arrival(mail=mail(**values), **facts)).stop
    assert (stop.reason if stop else None) == reason


def test_only_a_bounce_for_good_of_our_own_mail_has_an_effect() -> None:
    effects = [
        judge(arrival(mail=mail(bounce=report, automatic=ROBOT), about=about)).stop
        for report, about in [(FAILED, OURS), (LATE, OURS), (FAILED, None)]
    ]
    assert [stop.effect if stop else None for stop in effects] == [Effect.BOUNCE, Effect.NONE, Effect.NONE]


def test_every_reason_has_its_words_in_both_languages() -> None:
    codes = [*MailReason, *AnswerReason]
    assert sorted(code for code in codes if code not in WORDS) == []
    with translation.override("en"):
        assert all("%" not in words(code, {}) for code in codes)


def test_words_of_a_later_version_and_of_missing_figures_do_not_fail() -> None:
    assert words("new.100%s", {}) == "new.100%s"
    with translation.override("en"):
        assert words(MailReason.FILED_NEW, {}) == "New ticket #–"


def test_each_gate_stands_in_a_file_of_its_name() -> None:
    assert [gate.__module__.rpartition(".")[2] for gate in GATES] == [gate.__name__ for gate in GATES]


def test_no_gate_fails_on_a_mail_that_says_nothing() -> None:
    empty = mail(from_addr="", sender_addr="")
    facts: Arrival = arrival(mail=empty, sender="", envelope_from=None, is_customer=False)
    assert judge(facts).stop is None
