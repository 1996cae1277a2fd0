"""What a telephone system tells of calls: only what is signed, fresh, new and well formed is taken (S41, docs/telephone.md)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from sportello.accounts.models import User
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.mail.models import OutboundMail
from sportello.telephone.actions import hear, set_extension
from sportello.telephone.actions.hearing import _ONE_AT_A_TIME
from sportello.telephone.enums import CallKind
from sportello.telephone.models import Call, CallEvent
from sportello.telephone.rules.events import MalformedError, Told, is_fresh, read, signature
from sportello.tickets.actions import solve
from sportello.tickets.models import Ticket
from tests.factories import NOW, make_contact, make_mailbox, make_queue, make_user

pytestmark = pytest.mark.django_db
SECRET = "s" * 32
RINGING = {"event": "e1", "call": "c1", "kind": "ringing", "number": "+39 02 1234567", "extension": "21"}
RECORDED = Path(__file__).with_name("recorded_calls.json")
"""As a telephone system told them in one morning: two calls at once, one of them on two telephones, events out of order and repeated."""


@pytest.fixture(autouse=True)
def _secret(settings: Any) -> None:
    settings.TELEPHONE_SECRET = SECRET
    make_queue()
    make_mailbox()


def _laura() -> Contact:
    contact = make_contact("Laura Doria")
    Contact.objects.filter(pk=contact.pk).update(phone="02 1234567")
    return contact


def _told(said: Any, *, secret: str = SECRET, seconds: int = 0, body: bytes | None = None, **headers: str) -> int:
    body = json.dumps(said).encode() if body is None else body
    timestamp = str(int(clock.now().timestamp()) + seconds)
    signed = {
        "X-Sportello-Timestamp": timestamp,
        "X-Sportello-Signature": signature(secret, timestamp, body),
        **headers,
    }
    answer = Client().post(reverse("telephone-events"), body, content_type="application/json", headers=signed)
    return int(answer.status_code)


def _tell(
    kind: str, *, call: str = "c1", number: str = "021234567", extension: str = "", minutes: int = 0
) -> Call | None:
    told = Told(f"{call}-{kind}-{minutes}", call, CallKind(kind), number, extension)
    return hear(told=told, now=NOW + timedelta(minutes=minutes))


# -- what is taken, and what is not ------------------------------------------------------------------------------------
def test_s41_a_signed_event_is_taken_once() -> None:
    assert (_told(RINGING), _told(RINGING)) == (204, 409)
    assert (Call.objects.count(), CallEvent.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"secret": "x" * 32}, 401),
        ({"X-Sportello-Signature": ""}, 401),
        ({"X-Sportello-Signature": "sha256=é"}, 401),
        ({"X-Sportello-Timestamp": "0"}, 401),
        ({"X-Sportello-Timestamp": "now"}, 401),
        ({"seconds": -301}, 401),
        ({"seconds": 330}, 401),
        ({"body": b"no json"}, 400),
        ({"body": b"[" * 2000}, 400),
        ({"body": b"\xff"}, 400),
        ({"body": b" " * 4097}, 413),
    ],
    ids=str,
)
def test_s41_what_is_unsigned_old_or_malformed_is_refused(asked: dict[str, Any], status: int) -> None:
    assert (_told(RINGING, **asked), Call.objects.count(), CallEvent.objects.count()) == (status, 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": ""}, {"event": 1}, {"event": None}, {"event": "x" * 65}, {"event": "a b"}, {"call": "à"}, {"call": []}, {"kind": "lost"},
        {"kind": {}}, {"number": "' OR 1=1"}, {"number": 39}, {"number": "1" * 41}, {"number": "\x00"},
        {"number": "٣٣٣"}, {"extension": "<b>"}, {"extension": ["21"]},
    ],
    ids=str,
)  # fmt: skip
def test_s41_a_field_that_is_not_as_described_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(MalformedError, match=next(iter(wrong))):
        read(json.dumps({**RINGING, **wrong}).encode())


def test_s41_a_changed_body_is_not_signed_any_more() -> None:
    timestamp, body = "1764336000", json.dumps(RINGING).encode()
    assert signature(SECRET, timestamp, body) != signature(SECRET, timestamp, body + b" ")
    assert signature(SECRET, timestamp, body) != signature(SECRET, "1764336001", body)
    assert is_fresh(str(int(NOW.timestamp())), NOW)
    assert not is_fresh("9" * 12, NOW)


def test_without_a_secret_there_is_no_such_address(settings: Any) -> None:
    settings.TELEPHONE_SECRET = ""
    assert (_told(RINGING), Call.objects.count()) == (404, 0)


# -- what comes of it --------------------------------------------------------------------------------------------------
def test_the_desk_shows_who_is_calling_before_it_is_picked_up(desk: Client, agent: User) -> None:
    laura, now = _laura(), reverse("desk:calls-now")
    set_extension(user=agent, number="21")
    assert desk.get(now).content.strip() == b""
    assert _told(RINGING) == 204
    page = desk.get(now).content.decode()
    assert "Laura Doria" in page
    assert f"{reverse('desk:call', args=[laura.public_id])}?number=%2B39%2002%201234567" in page
    others = Client()
    others.force_login(make_user())
    assert others.get(now).content.strip() == b""
    assert _told({**RINGING, "event": "e2", "kind": "ended"}) == 204
    assert desk.get(now).content.strip() == b""


def test_every_page_asks_who_is_calling_only_where_somebody_tells(desk: Client, settings: Any) -> None:
    asks = reverse("desk:calls-now")
    assert asks in desk.get(reverse("desk:queue")).content.decode()
    settings.TELEPHONE_SECRET = ""
    assert asks not in desk.get(reverse("desk:queue")).content.decode()


def test_a_missed_call_becomes_one_ticket_while_it_is_open() -> None:
    laura, by = _laura(), make_user()
    _tell("ringing")
    missed = _tell("missed")
    _tell("missed", call="c2", number="+39 02 1234567", minutes=3)
    assert missed is not None
    ticket = Ticket.objects.get()
    assert (ticket.contact, ticket.sender_verified, missed.ticket) == (laura, False, ticket)
    assert (ticket.first_due_at, ticket.messages.count()) == (NOW + timedelta(minutes=10), 2)
    assert not OutboundMail.objects.exists()
    solve(ticket=ticket, by=by, now=NOW + timedelta(minutes=5))
    _tell("missed", call="c3", minutes=6)
    assert Ticket.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_call_whose_id_is_the_number_of_another_keeps_it_from_nothing(settings: Any) -> None:
    """A fault found: both were waited for under one name, so that two such calls could wait for each other in a circle."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(_ONE_AT_A_TIME, ["021234567"])  # as the first event of a call with this id does
        with transaction.atomic(), connection.cursor() as ours:
            ours.execute("SET LOCAL lock_timeout = '5s'")
            _tell("missed")
    other.close()
    assert Ticket.objects.count() == 1


def test_a_number_of_nobody_and_a_withheld_one() -> None:
    _tell("missed", number="0039 333 7654321")
    _tell("missed", call="c2", number="333 7654321", minutes=1)
    _tell("missed", call="c3", number="")
    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.contact.phone, ticket.messages.count()) == (None, "0039 333 7654321", 2)


def test_a_number_of_two_customers_is_neithers() -> None:
    _laura()
    _laura()
    assert (_tell("ringing") or Call()).contact is None


def test_events_may_come_in_any_order() -> None:
    _tell("ended")
    _tell("ringing", minutes=1)
    _tell("answered", call="c2")
    _tell("missed", call="c2", minutes=1)
    assert list(Call.objects.order_by("system_id").values_list("state", flat=True)) == ["ended", "answered"]
    assert not Ticket.objects.exists()


def test_a_recorded_morning_leaves_what_it_should() -> None:
    events = json.loads(RECORDED.read_text("utf-8"))
    assert [_told(event) for event in events].count(409) == 1
    states = dict(Call.objects.values_list("system_id", "state"))
    assert states == {"1764336000.17": "ended", "1764336004.18": "missed", "1764336090.19": "ended"}
    assert list(Ticket.objects.values_list("contact__phone", flat=True)) == ["+41 91 123 45 67"]


def test_two_people_are_not_rung_at_one_extension() -> None:
    set_extension(user=make_user(), number="21")
    with pytest.raises(Refused) as refused:
        set_extension(user=make_user(), number="21")
    assert refused.value.code == "extension-taken"


def test_an_agent_says_where_they_are_rung_and_sees_the_latest_calls(desk: Client) -> None:
    _tell("missed")
    page = desk.post(reverse("desk:extension"), {"number": "21"}, follow=True).content.decode()
    assert ('value="21"' in page, "021234567" in page, "missed" in page) == (True, True, True)
    assert (
        "An extension is written"
        in desk.post(reverse("desk:extension"), {"number": "<b>"}, follow=True).content.decode()
    )
