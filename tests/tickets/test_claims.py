"""A total outage that is only claimed is believed for ten minutes, and the customer is asked what would help [promise.outage]."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sportello.mail.models import OutboundMail
from sportello.services.enums import ServiceVerdict
from sportello.tickets import actions
from sportello.tickets.enums import Author, Channel, EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.topics import speaks_of_outage
from sportello.triage.enums import Claim, QueueGroup
from tests.factories import NOW, make_contact, make_mailbox, make_queue, make_ticket, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def claimed(claim: Claim = Claim.NOTHING_OPENS, *, address: str = "laura@doria.example") -> Ticket:
    return actions.open_ticket(
        subject="Fermo",
        text="Non si apre più nulla.",
        contact=make_contact(address=address),
        queue=make_queue(),
        channel=Channel.PORTAL,
        now=NOW,
        mailbox=make_mailbox(),
        claim=claim,
    )


def asked(ticket: Ticket) -> list[str]:
    return [message.text for message in ticket.messages.filter(author=Author.ROBOT)]


def group_of(ticket: Ticket) -> int | None:
    return Ticket.objects.get(pk=ticket.pk).group


def test_it_comes_first_for_ten_minutes_and_then_waits_among_the_others() -> None:
    ticket = claimed()
    assert (ticket.group, ticket.is_outage) == (QueueGroup.OUTAGE, False)
    assert actions.lapse_claims(now=NOW + 9 * MINUTE) == 0
    assert actions.lapse_claims(now=NOW + 10 * MINUTE) == 1
    assert actions.lapse_claims(now=NOW + 11 * MINUTE) == 0
    assert group_of(ticket) == QueueGroup.WAITING_FOR_US
    assert ticket.events.filter(kind=EventKind.CLAIM_LAPSED).count() == 1
    assert len(asked(ticket)) == 1


def test_once_the_service_was_seen_to_work_it_does_not_come_first_and_the_customer_is_asked_once() -> None:
    ticket = claimed()
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.FINE, neighbours_down=0, in_incident=False, now=NOW + MINUTE)
    assert (ticket.group, ticket.ahead) == (QueueGroup.WAITING_FOR_US, 10)
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.FINE, now=NOW + 2 * MINUTE)
    actions.lapse_claims(now=NOW + 10 * MINUTE)
    [text] = asked(ticket)
    assert "da qui il servizio risponde" in text
    [mail] = OutboundMail.objects.filter(to="laura@doria.example")
    assert mail.automatic
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.ahead, stored.first_answered_at, stored.public_count) == (5, None, 2)


def test_once_it_was_seen_nobody_is_asked_and_it_stays_first() -> None:
    ticket = claimed()
    actions.weigh(
        ticket=ticket, verdict=ServiceVerdict.UNUSABLE, neighbours_down=0, in_incident=False, now=NOW + MINUTE
    )
    actions.lapse_claims(now=NOW + 10 * MINUTE)
    assert (asked(ticket), group_of(ticket)) == ([], QueueGroup.OUTAGE)


def test_whom_a_person_has_answered_is_not_asked_by_a_program() -> None:
    ticket = claimed()
    actions.reply(ticket=ticket, text="Guardo", by=make_user(), now=NOW + MINUTE, seen_version=ticket.version)
    actions.lapse_claims(now=NOW + 10 * MINUTE)
    assert asked(ticket) == []


def test_one_person_is_asked_once_an_hour_whatever_they_open() -> None:
    first = claimed()
    second = actions.open_ticket(
        subject="Ancora",
        text="Ancora nulla.",
        contact=first.contact,
        queue=first.queue,
        channel=Channel.PORTAL,
        now=NOW,
        claim=Claim.NOTHING_OPENS,
    )
    actions.lapse_claims(now=NOW + 10 * MINUTE)
    assert len(asked(first) + asked(second)) == 1


def test_words_of_an_outage_weigh_a_little_and_a_question_nothing() -> None:
    weak, question = claimed(Claim.WORDS), claimed(Claim.QUESTION, address="anna@rossi.example")
    assert [(each.group, each.ahead) for each in (weak, question)] == [(2, 10), (2, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "Il sito è completamente irraggiungibile da stamattina",
        "il server non risponde più",
        "Da un'ora non funziona più nulla!",
        "Our shop is completely down",
        "Nothing works anymore since last night",
        "URGENTE: negozio offline",
    ],
)
def test_words_of_a_total_outage_are_understood(text: str) -> None:
    assert speaks_of_outage(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vorrei sapere quanto costa il rinnovo del sito",
        "URGENTE!!! Mi serve la fattura di marzo",
        "Il sito è un po' lento la sera",
        "How do I bring down my bill for the shop?",
    ],
)
def test_shouting_alone_is_no_claim(text: str) -> None:
    assert not speaks_of_outage(text)


def test_who_is_overtaken_by_worse_harm_and_late_is_told_and_nobody_else() -> None:
    waiting = make_ticket(contact=make_contact(address="laura@doria.example"), mailbox=make_mailbox())
    worse = make_ticket("Metà sito", now=NOW + 5 * MINUTE)
    late = NOW + 11 * MINUTE
    assert actions.tell_delays(now=late) == 0
    actions.weigh(ticket=worse, verdict=ServiceVerdict.DEGRADED, neighbours_down=0, in_incident=False, now=late)
    assert actions.tell_delays(now=late) == 1
    assert asked(waiting)[0].count("colpiti più gravemente") == 1
