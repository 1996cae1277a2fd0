"""Whom an address was refused stands in the audit, and whoever is refused on purpose fills nothing (ASVS 16.3.2, 16.3.3)."""

from __future__ import annotations

import html
from uuid import uuid4

import pytest
from django.test import Client

from sportello.accounts.actions import record
from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry, row_name
from sportello.accounts.refusals import OF_ALL
from sportello.core import clock
from tests.factories import make_contact, make_ticket, make_user
from tests.portal.test_tickets import browser

pytestmark = pytest.mark.django_db
ADDRESS = "192.0.2.7"


def noted() -> list[tuple[str, object]]:
    entries = AuditEntry.objects.filter(act=Act.REFUSED).order_by("id")
    return list(entries.values_list("subject", "detail__answer"))


def test_asvs_16_3_2_what_staff_may_not_do_is_noted_once_an_hour_with_who_and_from_where() -> None:
    reader, client = make_user(role=Role.READ_ONLY), Client(REMOTE_ADDR=ADDRESS)
    client.force_login(reader)
    for _ in range(3):
        assert client.get("/desk/people/audit/").status_code == 403
    assert noted() == [("GET desk:audit", 403)]
    entry = AuditEntry.objects.get(act=Act.REFUSED)
    assert (entry.actor, entry.address) == (reader, ADDRESS)


def test_asvs_16_3_2_a_customer_who_asks_for_what_is_not_theirs_is_noted_by_name() -> None:
    contact, theirs = make_contact("Laura Doria"), make_ticket()
    client = browser(contact)
    assert client.get(f"/portal/tickets/{theirs.public_id}/").status_code == 404
    entry = AuditEntry.objects.get(act=Act.REFUSED)
    assert (entry.actor, entry.about, entry.detail) == (
        None,
        row_name(contact),
        {"answer": 404, "contact": "Laura Doria"},
    )


def test_asvs_16_3_3_a_forged_form_is_noted() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/account/login/", {"login": "a", "password": "b"}).status_code == 403
    assert noted() == [("POST account_login", 403)]


def test_asvs_16_3_3_strangers_who_look_for_pages_leave_no_trace_in_the_audit() -> None:
    for path in ("/wp-admin/", f"/status/{uuid4()}/", "/portal/tickets/x/"):
        assert Client().get(path).status_code in {302, 404}
    assert noted() == []


def test_asvs_16_3_3_a_flood_fills_nothing() -> None:
    for _ in range(OF_ALL.most):
        OF_ALL.take("strangers", now=clock.now())
    Client(enforce_csrf_checks=True).post("/account/login/")
    assert noted() == []
    client = Client()
    client.force_login(make_user(role=Role.READ_ONLY))
    client.get("/desk/people/audit/")
    assert noted() == [("GET desk:audit", 403)], "people count apart from strangers"


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("POST account_change_password", 429, ["motivo: troppi tentativi (429)", "una nuova password propria"]),
        ("GET desk:audit", 403, ["la pagina /desk/people/audit/"]),
        ("POST portal:withdraw-secret", 404, ["un invio a /portal/tickets/…/secret/…/withdraw/", "(404)"]),
        ("POST account_reset_password_from_key", 400, ["non era leggibile (400)"]),
        ("GET desk:of-an-earlier-release", 404, ["la pagina desk:of-an-earlier-release"]),
        ("GET gone:of-an-earlier-release", 404, ["la pagina gone:of-an-earlier-release"]),
    ],
)
def test_a_refusal_is_a_sentence_for_people_and_the_same_words_as_ever_in_the_file(
    asked: str, status: int, words: list[str]
) -> None:
    record(act=Act.REFUSED, subject=asked, by=None, now=clock.now(), address=ADDRESS, detail={"answer": status})
    client = Client()
    client.force_login(make_user(role=Role.ADMIN))
    page = html.unescape(client.get("/desk/people/audit/").content.decode())
    assert [each for each in words if each not in page] == []
    assert asked not in page
    file = client.get("/desk/people/audit/csv").getvalue().decode()
    assert f",refused,{asked}," in file
