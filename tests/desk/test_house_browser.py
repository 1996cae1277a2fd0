"""The pages of mail, outbox, customers, services, settings and the promise in a real browser: nobody is kept out, nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import SCREENS, Screen, barriers, browser, scrolls_sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow(30),
]

LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente" * 2
ADDRESS = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example"


def _fill(language: str) -> tuple[str, list[str]]:
    """A house with long words in every place; the administrator's session and the pages to walk through."""
    from django.test import Client
    from django.urls import reverse

    from sportello.accounts.enums import Role
    from sportello.core import clock
    from sportello.customers.actions import mark_bounced
    from sportello.intake.actions import receive_mail
    from sportello.mail.actions import enqueue, store_inbound
    from sportello.mail.enums import Door, OutboundKind
    from sportello.mail.models import ImapAccount, Mailbox, OutboundMail, SelfTest
    from sportello.tickets.actions import add_tag
    from tests.factories import (
        make_contact,
        make_customer,
        make_mailbox,
        make_queue,
        make_server,
        make_service,
        make_ticket,
        make_user,
    )

    now = clock.now()
    admin = make_user("Ada Amministra", role=Role.ADMIN, language=language)
    mailbox = make_mailbox("assistenza@provider.example")
    Mailbox.objects.update(authserv_id="mx.provider.example", aliases=[ADDRESS])
    ImapAccount.objects.create(
        mailbox=mailbox,
        host=f"imap.{'x' * 60}.example",
        username="info",
        secret="INFO",
        since=date(2026, 1, 1),
        failing_since=now - timedelta(hours=1),
        last_error=LONG,
    )
    SelfTest.objects.create(mailbox=mailbox, started_at=now - timedelta(minutes=9))
    customer = make_customer(LONG)
    contact = make_contact(LONG, customer=customer, address=ADDRESS)
    mark_bounced(address=ADDRESS, reason=f"550 5.1.1 {LONG}", now=now)
    stranger = make_contact("Paolo", unknown=True)
    server = make_server("web-12")
    service = make_service(f"{'d' * 60}.example", customer=customer, server=server)
    ticket = make_ticket(LONG, contact=contact, service=service, mailbox=mailbox, now=now - timedelta(hours=1))
    add_tag(ticket=ticket, name="fretta", by=admin, now=now)
    raw = (
        f"Authentication-Results: mx.provider.example; dmarc=fail header.from=example\r\nFrom: {LONG} <{ADDRESS}>\r\n"
        f"Subject: {LONG}\r\nX-Odd: {LONG}\r\n\r\n{LONG}\r\n"
    )
    inbound = store_inbound(
        raw=raw.encode(),
        mailbox=mailbox,
        door=Door.LMTP,
        envelope_from=ADDRESS,
        envelope_to=mailbox.address,
        now=now,
    ).inbound
    inbound.refresh_from_db()
    receive_mail(inbound=inbound, now=now)
    mail = enqueue(
        mailbox=mailbox,
        kind=OutboundKind.REPLY,
        to=ADDRESS,
        to_name=LONG,
        subject=LONG,
        text=LONG,
        language="it",
        now=now,
    )
    OutboundMail.objects.filter(pk=mail.pk).update(state="failed", failed_at=now, last_answer=LONG)
    office = make_queue("presales").calendar
    client = Client()
    client.force_login(admin)
    return client.session.session_key or "", [
        reverse("desk:mails"),
        reverse("desk:mail", args=[inbound.public_id]),
        reverse("desk:mail-text", args=[inbound.public_id]),
        reverse("desk:outbox"),
        reverse("desk:outbound", args=[mail.public_id]),
        reverse("desk:customers"),
        reverse("desk:strangers"),
        reverse("desk:customer", args=[customer.public_id]),
        reverse("desk:contact", args=[contact.public_id]),
        reverse("desk:contact", args=[stranger.public_id]),
        reverse("desk:new-contact", args=[customer.public_id]),
        reverse("desk:services"),
        reverse("desk:service", args=[service.public_id]),
        reverse("desk:servers"),
        reverse("desk:server", args=[server.pk]),
        reverse("desk:settings"),
        reverse("desk:mailbox", args=[mailbox.pk]),
        reverse("desk:edit-mailbox", args=[mailbox.pk]),
        reverse("desk:new-imap", args=[mailbox.pk]),
        reverse("desk:edit-calendar", args=[office.pk]),
        reverse("desk:edit-queue", args=["support"]),
        reverse("desk:tags"),
        reverse("desk:domains"),
        reverse("desk:promise"),
    ]


@contextmanager
def _desk(screen: Screen, session: str, site: str) -> Iterator[tuple[Page, list[str]]]:
    from django.conf import settings

    with browser(screen) as (context, complaints):
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        yield context.new_page(), complaints


@pytest.mark.parametrize("screen", SCREENS[:2], ids=str)
def test_nobody_is_kept_out_and_nothing_scrolls_sideways(live_server: Any, screen: Screen) -> None:
    session, paths = _fill(screen.language)
    found: list[str] = []
    with _desk(screen, session, live_server.url) as (page, complaints):
        for path in paths:
            answer = page.goto(f"{live_server.url}{path}")
            assert answer
            assert answer.ok, path
            found += barriers(page)
            found += [f"{path} scrolls sideways"] if scrolls_sideways(page) else []
    assert found == []
    assert complaints == []


def test_the_text_of_a_held_mail_is_there_without_asking_and_the_page_stays_whole(live_server: Any) -> None:
    session, paths = _fill("en")
    with _desk(SCREENS[2], session, live_server.url) as (page, complaints):
        page.goto(f"{live_server.url}{paths[1]}")
        page.wait_for_selector("#text:has-text('Donaudampf')")
        assert page.locator("text=What should become of it?").is_visible()
    assert complaints == []
