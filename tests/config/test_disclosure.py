"""/.well-known/security.txt names whom to tell of a weakness, where a provider has named somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from sportello.config import env
from sportello.config.disclosure import statement

ADDRESS = "/.well-known/security.txt"
CONTACTS = env.contacts("SPORTELLO_SECURITY_CONTACT", "")


def test_it_says_whom_to_tell_until_when_and_in_which_languages(settings: Settings) -> None:
    settings.SECURITY_CONTACT = CONTACTS.parse("security@provider.example, https://provider.example/report")
    settings.PUBLIC_URL = "https://desk.provider.example"
    assert statement(datetime(2026, 3, 4, 9, 30, tzinfo=UTC)).splitlines() == [
        "Contact: mailto:security@provider.example",
        "Contact: https://provider.example/report",
        "Expires: 2026-08-31T00:00:00Z",
        "Preferred-Languages: it, en",
        "Canonical: https://desk.provider.example/.well-known/security.txt",
    ]


@pytest.mark.django_db
def test_it_is_there_for_anybody_and_has_not_expired(settings: Settings) -> None:
    settings.SECURITY_CONTACT = ("mailto:security@provider.example",)
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    (line,) = [line for line in answer.content.decode().splitlines() if line.startswith("Expires: ")]
    left = datetime.fromisoformat(line.removeprefix("Expires: ")) - datetime.now(UTC)
    assert timedelta(days=170) < left < timedelta(days=365)


@pytest.mark.django_db
def test_it_is_not_there_where_nobody_is_named(settings: Settings) -> None:
    settings.SECURITY_CONTACT = ()
    assert Client().get(ADDRESS).status_code == 404


@pytest.mark.parametrize(
    "raw", ["security", "http://provider.example", "a b@c.example", "https://", "a@b.example\nX: y", "javascript:x@y.z"]
)
def test_what_is_no_address_is_not_taken(raw: str) -> None:
    with pytest.raises(ValueError, match=r"address|blanks"):
        CONTACTS.parse(raw)
