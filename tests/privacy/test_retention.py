"""What is old goes by itself, as the provider said; and what is asked for by people themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sportello.accounts.actions import record
from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry, User
from sportello.core import clock
from sportello.core.blotting import MARK
from sportello.core.errors import Refused
from sportello.mail.actions import enqueue, store_inbound
from sportello.mail.enums import Door, InboundState, OutboundKind, OutboundState
from sportello.mail.models import InboundMail, OutboundMail, RawMail
from sportello.privacy.actions import (
    apply_retention,
    ask_for_data,
    expire_downloads,
    keep_ticket,
    pack,
    set_retention,
    what_is_due,
)
from sportello.privacy.enums import Ground, Kept
from sportello.privacy.models import Download
from sportello.telephone.models import Call
from sportello.tickets.enums import Status
from sportello.tickets.models import Message, Ticket
from tests.factories import make_contact, make_mailbox, make_ticket, make_user
from tests.portal.test_tickets import browser

pytestmark = pytest.mark.django_db
OLD = timedelta(days=400)


@pytest.fixture
def admin() -> User:
    return make_user(role=Role.ADMIN, language="en")


def keep_for(kind: Kept, days: int, by: User) -> None:
    set_retention(kind=kind, days=days, by=by, now=clock.now(), address=None)


def run(kind: Kept) -> int:
    return apply_retention(kind=kind, now=clock.now())


def inbound(state: InboundState, at_age: timedelta) -> InboundMail:
    raw = f"From: a@x.example\r\nSubject: {state}{at_age}\r\n\r\nold words".encode()
    mailbox = make_mailbox()
    kept = store_inbound(
        raw=raw, mailbox=mailbox, door=Door.PIPE, envelope_from="a@x.example", envelope_to="", now=clock.now()
    )
    InboundMail.objects.filter(pk=kept.inbound.pk).update(state=state, received_at=clock.now() - at_age)
    return InboundMail.objects.get(pk=kept.inbound.pk)


def test_mails_set_aside_go_once_somebody_says_so_and_those_that_wait_for_a_person_stay(admin: User) -> None:
    for state in (InboundState.REFUSED, InboundState.RECORDED, InboundState.HELD):
        inbound(state, OLD)
    inbound(InboundState.REFUSED, timedelta(days=3))
    assert run(Kept.SET_ASIDE) == 0
    keep_for(Kept.SET_ASIDE, 180, admin)
    assert [each.count for each in what_is_due(now=clock.now()) if each.kind == Kept.SET_ASIDE] == [2]
    assert (run(Kept.SET_ASIDE), run(Kept.SET_ASIDE)) == (2, 0)
    assert (InboundMail.objects.count(), RawMail.objects.count()) == (2, 2)


def test_original_mails_go_only_once_somebody_says_so(admin: User) -> None:
    mail = inbound(InboundState.FILED, OLD)
    assert run(Kept.RAW_MAIL) == 0
    keep_for(Kept.RAW_MAIL, 90, admin)
    assert (run(Kept.RAW_MAIL), run(Kept.RAW_MAIL)) == (1, 0)
    mail.refresh_from_db()
    assert b"old words" not in bytes(mail.raw.content)


def test_texts_of_the_outbox(admin: User) -> None:
    mail = enqueue(
        mailbox=make_mailbox(), kind=OutboundKind.NOTICE, to="a@x.example", subject="x", text="old words", language="it",
        now=clock.now() - OLD,
    )  # fmt: skip
    keep_for(Kept.OUTBOX, 90, admin)
    assert run(Kept.OUTBOX) == 0, "what was not sent is still needed"
    OutboundMail.objects.filter(pk=mail.pk).update(state=OutboundState.SENT)
    assert (run(Kept.OUTBOX), run(Kept.OUTBOX)) == (1, 0)
    mail.refresh_from_db()
    assert mail.text == MARK


def test_words_of_closed_tickets_and_not_of_those_that_have_to_stay(admin: User) -> None:
    closed, kept, open_one = (make_ticket(now=clock.now() - OLD) for _ in range(3))
    Ticket.objects.filter(pk__in=[closed.pk, kept.pk]).update(status=Status.CLOSED, closed_at=clock.now() - OLD)
    keep_ticket(ticket=kept, ground=Ground.CHARGE, by=admin, now=clock.now(), address=None)
    keep_for(Kept.CLOSED, 365, admin)
    assert (run(Kept.CLOSED), run(Kept.CLOSED)) == (1, 0)
    emptied = Message.objects.filter(text=MARK).values_list("ticket", flat=True)
    assert list(emptied) == [closed.pk]
    assert Ticket.objects.get(pk=open_one.pk).subject != MARK


def test_where_somebody_signed_in_from() -> None:
    """Names of staff stay, of customers' people and of whom somebody tried to be they go."""
    user, customers = make_user(), None
    for act, age, by in (
        (Act.SIGNED_IN, OLD, user),
        (Act.SIGN_IN_FAILED, OLD, None),
        (Act.SIGNED_IN, OLD, customers),
        (Act.SIGNED_IN, timedelta(days=1), customers),
    ):
        record(act=act, subject="who@x.example", by=by, now=clock.now() - age, address="192.0.2.9")
    assert (run(Kept.SIGN_IN), run(Kept.SIGN_IN)) == (3, 0)
    told = AuditEntry.objects.order_by("pk").values_list("subject", "address")
    assert list(told) == [("who@x.example", None), (MARK, None), (MARK, None), ("who@x.example", "192.0.2.9")]


def test_calls() -> None:
    at = clock.now() - OLD
    Call.objects.create(system_id="1", number="+39 1", state="missed", began_at=at, changed_at=at)
    assert (run(Kept.CALLS), run(Kept.CALLS), Call.objects.count()) == (1, 0, 0)


def test_an_administrator_says_how_long(admin: User) -> None:
    client = Client()
    client.force_login(admin)
    page = client.get("/desk/settings/retention/").content.decode()
    assert 'value="365"' in page
    days = {kind.name.lower(): "30" for kind in Kept}
    assert client.post("/desk/settings/retention/", {**days, "calls": "-1"}).status_code == 422
    assert client.post("/desk/settings/retention/", days).status_code == 302
    assert {each.days for each in what_is_due(now=clock.now())} == {30}
    assert AuditEntry.objects.filter(act=Act.RETENTION_CHANGED).count() == len(Kept)
    with pytest.raises(Refused):
        keep_for(Kept.CALLS, 5, make_user())


# -- what people ask for themselves ----------------------------------------------------------------------------------------
def test_a_person_fetches_their_data(django_capture_on_commit_callbacks: Callable[..., object]) -> None:
    make_mailbox()
    contact = make_contact("Laura Doria", language="en", address="laura@x.example")
    client = browser(contact)
    client.post("/portal/settings/privacy/ask/")
    download = Download.objects.get()
    pack(download_id=download.pk, now=clock.now())
    assert OutboundMail.objects.get(subject="Your data is ready").to == "laura@x.example"
    path = f"/portal/settings/privacy/{download.public_id}/"
    fetched = client.get(path)
    assert (fetched["Content-Type"], b"".join(fetched)[:2]) == ("application/zip", b"PK")
    assert browser(make_contact()).get(path).status_code == 404
    assert AuditEntry.objects.filter(act=Act.DATA_FETCHED).count() == 1
    assert expire_downloads(now=clock.now() + timedelta(days=8)) == 1
    assert client.get(path).status_code == 404


def test_what_staff_had_packed_is_not_the_persons_to_fetch(admin: User) -> None:
    contact = make_contact()
    download = ask_for_data(contact=contact, by=admin, now=clock.now(), address=None, with_notes=True)
    pack(download_id=download.pk, now=clock.now())
    assert browser(contact).get(f"/portal/settings/privacy/{download.public_id}/").status_code == 404


def test_asking_too_often() -> None:
    contact = make_contact()
    for _ in range(3):
        ask_for_data(contact=contact, by=None, now=clock.now(), address=None)
    with pytest.raises(Refused, match=r"three times|tre volte"):
        ask_for_data(contact=contact, by=None, now=clock.now(), address=None)


def test_a_request_for_erasure_is_a_ticket() -> None:
    contact = make_contact(language="en")
    client = browser(contact)
    for _ in range(2):
        client.post("/portal/settings/privacy/erase/")
    assert Ticket.objects.get(contact=contact).subject == "Erasure of personal data (GDPR art. 17)"


def test_erasing_asks_for_the_name(admin: User) -> None:
    contact = make_contact("Laura Doria")
    client = Client()
    client.force_login(admin)
    path = f"/desk/customers/people/{contact.public_id}/erase/"
    with CaptureQueriesContext(connection):
        client.get(path)
    assert client.post(path, {"typed": "somebody else"}).status_code in {302, 422}
    contact.refresh_from_db()
    assert contact.name == "Laura Doria"
