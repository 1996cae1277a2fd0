"""Sign-in at a provider of identities: a real one on loopback, with real keys; whatever is not signed for us opens nothing."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from django.test import Client

from sportello.core import clock
from sportello.customers.actions import remove_address
from sportello.customers.models import Contact, ContactAddress, ContactIdentity
from tests.factories import make_contact
from tests.portal.provider import CLIENT, SECRET, House, identity_provider, new_key
from tests.portal.test_second_factor import CODE, set_up
from tests.portal.test_sign_in import is_in
from tests.portal.test_tickets import browser

START = "/portal/sign-in/openid/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: Any) -> Iterator[House]:
    with identity_provider() as house:
        settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET = house.issuer, CLIENT, SECRET
        settings.OPENID_NETWORKS = (ipaddress.ip_network("127.0.0.0/8"),)
        house.claims = {"sub": "4711", "email": "Laura@Doria.example", "email_verified": True}
        yield house


@pytest.fixture
def contact() -> Contact:
    return make_contact("Laura Doria", address="laura@doria.example", language="en")


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """The browser of the test follows by itself."""


def away(client: Client, then: str = "") -> str:
    """The address to which the provider sends the browser back."""
    there = client.get(START, {"next": then})["Location"]
    opener = build_opener(_Stay)
    try:
        opener.open(there, timeout=20)
    except OSError as answer:
        back = urlsplit(answer.headers["Location"])  # type: ignore[attr-defined]  # an HTTPError is an answer too
        return f"{back.path}?{back.query}"
    raise AssertionError("nobody was sent back")


def test_from_the_provider_to_the_page_that_was_wanted(house: House, contact: Contact) -> None:
    client = Client()
    assert "Sign in with" in client.get("/portal/sign-in/", headers={"accept-language": "en"}).content.decode()
    assert client.get(away(client, "/portal/pin/"))["Location"] == "/portal/pin/"
    assert is_in(client)
    assert ContactIdentity.objects.get().contact == contact
    house.claims = {"sub": "4711"}
    again = Client()
    again.get(away(again))
    assert is_in(again), "known by what the provider calls them, without an address"
    assert house.faults == []


def test_the_way_back_leads_in_once_and_only_in_the_browser_that_left(house: House, contact: Contact) -> None:
    client, thief = Client(), Client()
    back = away(client)
    thief.get(back)
    assert not is_in(thief)
    away(thief)
    thief.get(back)
    assert not is_in(thief), "another's state"
    client.get(back)
    client.post("/portal/sign-out/")
    client.get(back)
    assert not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "nobody@doria.example"},
        {"email": ""},
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": int(time.time()) - 3600},
        {"nonce": "of another time"},
        {"nonce": None},
        {"sub": "a\x00b"},
        {"sub": "a\ud800"},
        {"sub": "x" * 256},
        {"email": "laura\x00@doria.example"},
    ],
)
def test_what_does_not_hold_opens_nothing(house: House, contact: Contact, claims: dict[str, Any]) -> None:
    client = Client()
    house.claims |= claims
    assert client.get(away(client))["Location"] == "/portal/sign-in/"
    assert not is_in(client)
    assert not ContactIdentity.objects.exists()


def test_a_token_that_others_signed_opens_nothing(house: House, contact: Contact) -> None:
    for key, algorithm in ((new_key(), "RS256"), ("x" * 32, "HS256"), (None, "none")):
        client = Client()
        house.signs_with, house.algorithm = key, algorithm
        if algorithm == "none":
            house.signs_with = ""
        client.get(away(client))
        assert not is_in(client), algorithm


def test_unknown_and_withdrawn_people_get_a_clear_sentence(house: House, contact: Contact) -> None:
    Contact.objects.update(is_active=False)
    client = Client(headers={"accept-language": "en"})
    page = client.get(away(client), follow=True).content.decode()
    assert "we know nobody with that address" in page


def test_s11_an_address_taken_from_a_contact_opens_nothing_any_more(house: House, contact: Contact) -> None:
    client = Client()
    client.get(away(client))
    ContactAddress.objects.create(contact=contact, address="new@doria.example")
    owned = contact.addresses.get(address="laura@doria.example")
    remove_address(owned=owned, by=None, now=clock.now(), address=None)
    assert not is_in(client)
    client.get(away(client))
    assert not is_in(client)


def test_the_code_of_the_app_is_asked_for_here_too(house: House, contact: Contact) -> None:
    set_up(browser(contact))
    client = Client()
    assert client.get(away(client))["Location"] == CODE
    assert not is_in(client)


def test_a_provider_that_does_not_answer_is_said(house: House, settings: Any) -> None:
    settings.OPENID_NETWORKS = ()
    answer = Client(headers={"accept-language": "en"}).get(START, follow=True)
    assert "does not answer" in answer.content.decode()


def test_without_a_provider_there_is_no_such_page() -> None:
    assert Client().get(START).status_code == 404
