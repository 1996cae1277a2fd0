"""Whoever makes forms and mails in the name of victims has us send each of them one automatic mail an hour at most."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import count, pairwise

import pytest
from django.core import signing
from django.test import Client

from sportello.core import clock
from sportello.intake.actions import receive_mail
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, Purpose
from sportello.mail.models import Mailbox, OutboundMail
from sportello.mail.queries import inbound_to_process
from sportello.portal.views.presales import SALT
from sportello.presales.models import Enquiry
from sportello.tickets.models import Ticket
from tests.conftest import Tried
from tests.factories import make_mailbox, make_queue

pytestmark = [pytest.mark.django_db, pytest.mark.slow(40)]
ATTEMPTS, VICTIMS = 500, 20
WORDS = "evil.example"
HOUR = timedelta(hours=1)


def test_s21_500_forms_and_mails_send_a_victim_one_automatic_mail_an_hour(tried: Tried) -> None:
    """The forged mails even pass for their victims': the provider's mail server vouches for them."""
    make_queue("presales")
    make_queue()
    boxes = [make_mailbox(), make_mailbox(purpose=Purpose.PRESALES)]
    Mailbox.objects.update(authserv_id="mx.provider.example")
    victims = [f"victim{number}@forged.example" for number in range(VICTIMS)]
    numbers = count()
    for victim in victims * (ATTEMPTS // VICTIMS):
        number = next(numbers)
        if number // VICTIMS % 2:
            forge_form(victim, number)
        else:
            forge_mail(victim, boxes[number // VICTIMS // 2 % 2], number)
    sent: dict[str, list[datetime]] = defaultdict(list)
    for mail in OutboundMail.objects.filter(automatic=True).order_by("not_before"):
        sent[mail.to].append(mail.not_before)
    apart = [later - before for times in sent.values() for before, later in pairwise(times)]
    told = "".join(f"{mail.subject} {mail.text} {mail.html} {mail.to_name}" for mail in OutboundMail.objects.all())
    tried("S21", ATTEMPTS)
    assert (min(apart) > HOUR, set(sent) <= set(victims), WORDS in told) == (True, True, False)
    assert (Ticket.objects.count(), Enquiry.objects.exists()) == (ATTEMPTS // 2 + VICTIMS // 2, True)


def forge_form(victim: str, number: int) -> None:
    """Each from another network."""
    begun_at = clock.now() - timedelta(seconds=10)
    form = {
        "name": WORDS,
        "address": victim,
        "text": f"Visit http://{WORDS}/ {number}",
        "stamp": signing.dumps([begun_at.isoformat(), str(number)], salt=SALT),
    }
    Client(REMOTE_ADDR=f"198.51.{number // 250}.{number % 250}").post("/pre-sales/", form)


def forge_mail(victim: str, mailbox: Mailbox, number: int) -> None:
    raw = (
        "Authentication-Results: mx.provider.example; dmarc=pass header.from=forged.example\r\n"
        f"From: {WORDS} <{victim}>\r\nTo: {mailbox.address}\r\nSubject: Visit {WORDS} {number}\r\n"
        f"Message-ID: <{number}@forged.example>\r\n\r\nVisit http://{WORDS}/ {number}\r\n"
    )
    stored = store_inbound(
        raw=raw.encode(),
        mailbox=mailbox,
        door=Door.LMTP,
        envelope_from=victim,
        envelope_to=mailbox.address,
        now=clock.now(),
    )
    waiting = inbound_to_process(stored.inbound.pk)
    assert waiting is not None
    receive_mail(inbound=waiting, now=clock.now())
