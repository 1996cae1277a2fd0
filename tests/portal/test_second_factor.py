"""A contact's authenticator app and passkeys: asked for after every first proof, and each code opens once (S28, S30)."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from time import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from sportello.accounts.enums import Act
from sportello.accounts.models import AuditEntry
from sportello.core import clock
from sportello.customers.models import Contact, ContactAddress, ContactApp, ContactPasskey, ContactSession
from sportello.customers.passwords import has_password, set_password
from sportello.mail.models import OutboundMail
from tests.factories import make_contact, make_mailbox, make_user
from tests.portal.test_account import PASSWORD, SETTINGS, sign_in
from tests.portal.test_sign_in import enter, grown_older, is_in
from tests.portal.test_tickets import browser

APP, CODE = "/portal/settings/app/", "/portal/sign-in/code/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """The code before the present one is the one before that as soon as thirty seconds end between making and typing it."""
    now = time()
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: now))


def code_of(secret: str, *, later: int = 0) -> str:
    """What an app with this secret shows now, or so many steps later."""
    steps = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, steps[len(steps) // 2] + later)))


def set_up(client: Client) -> tuple[str, list[str]]:
    """The secret of the app, and the recovery codes."""
    secret = re.findall(r"<code>(\w+)</code>", client.get(APP).content.decode())[0]
    answer = client.post(APP, {"code": code_of(secret, later=-1)})
    shown = re.findall(r"<pre[^>]*>(.*?)</pre>", answer.content.decode(), re.DOTALL)
    return secret, html.unescape(shown[0]).split()


@pytest.fixture
def contact() -> Contact:
    make_mailbox()
    contact = make_contact("Laura Doria", address="laura@doria.example", language="en")
    set_password(contact=contact, password=PASSWORD, session_key="", now=clock.now())
    return contact


def answer(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code})


def test_the_code_is_asked_for_after_password_and_after_link_and_opens_once(contact: Contact) -> None:
    secret, codes = set_up(browser(contact))
    assert len(set(codes)) == 10
    first, second = Client(), Client()
    assert sign_in("laura@doria.example", PASSWORD, first, next="/portal/pin/")["Location"] == CODE
    assert not is_in(first)
    assert answer(first, code_of(secret))["Location"] == "/portal/pin/"
    assert is_in(first)
    enter(contact, second)
    assert not is_in(second)
    assert answer(second, code_of(secret)).status_code == 422, "the same code again"
    assert answer(second, codes[0]).status_code == 302
    assert is_in(second)
    third = enter(contact)
    assert answer(third, codes[0]).status_code == 422
    assert answer(third, codes[1].upper().replace("-", " ")).status_code == 302


def test_a_wrong_code_sets_nothing_up(contact: Contact) -> None:
    client = browser(contact)
    client.get(APP)
    assert client.post(APP, {"code": "000"}).status_code == 422
    assert not ContactApp.objects.exists()
    assert is_in(enter(contact))


def test_setting_it_up_ends_the_other_sessions_and_tells_the_owner(contact: Contact) -> None:
    thief, owner = browser(contact), browser(contact)
    set_up(owner)
    assert (is_in(owner), is_in(thief)) == (True, False)
    assert OutboundMail.objects.get().subject == "An authenticator app was set up"


@pytest.mark.usefixtures("time_stands_still")
def test_s28_codes_cannot_be_guessed_without_end(contact: Contact) -> None:
    secret, _ = set_up(browser(contact))
    statuses = []
    for network in range(12):
        client = Client(REMOTE_ADDR=f"192.0.2.{network}")
        enter(contact, client)
        statuses.append(answer(client, "x").status_code)
    assert statuses == [422] * 10 + [429] * 2
    late = enter(contact)
    assert answer(late, code_of(secret)).status_code == 429


def test_asvs_16_3_1_what_customers_sign_in_with_is_audited_also_in_vain(contact: Contact) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    sign_in("laura@doria.example", "wrong", client)
    sign_in("nobody@doria.example", "wrong", client)
    sign_in("laura@doria.example", PASSWORD, client)
    set_up(client)
    client.post("/portal/sign-out/")
    sign_in("laura@doria.example", PASSWORD, client)
    answer(client, "wrong")
    entries = AuditEntry.objects.filter(address="192.0.2.7").order_by("id")
    assert list(entries.values_list("act", "subject", "about")) == [
        (Act.SIGN_IN_FAILED, "Laura Doria", ""),
        (Act.SIGN_IN_FAILED, "", ""),
        (Act.SIGNED_IN, "Laura Doria", ""),
        (Act.SIGNED_OUT, "Laura Doria", ""),
        (Act.SIGN_IN_FAILED, "Laura Doria", ""),
    ]


def test_without_the_first_step_there_is_no_second(contact: Contact) -> None:
    secret, _ = set_up(browser(contact))
    assert answer(Client(), code_of(secret))["Location"] == "/portal/sign-in/"
    halfway = enter(contact)
    Contact.objects.filter(pk=contact.pk).update(is_active=False)
    assert answer(halfway, code_of(secret))["Location"] == "/portal/sign-in/"


def test_it_is_changed_only_right_after_signing_in(contact: Contact) -> None:
    client = browser(contact)
    set_up(client)
    grown_older(client, idle=timedelta(0), open_for=timedelta(minutes=16))
    kept = ContactApp.objects.get().recovery_sha256
    for address in ("app/", "app/remove/", "app/codes/", "passkeys/add/"):
        assert client.post(f"{SETTINGS}{address}")["Location"] == SETTINGS
    assert ContactApp.objects.get().recovery_sha256 == kept


def test_new_codes_take_the_place_of_the_old_and_the_app_can_go(contact: Contact) -> None:
    client = browser(contact)
    _, codes = set_up(client)
    (mark,) = re.findall(r'name="mark" value="(\w+)"', client.get(SETTINGS).content.decode())
    page = client.post(f"{SETTINGS}app/codes/", {"mark": mark}).content.decode()
    kept = ContactApp.objects.get().recovery_sha256
    assert client.post(f"{SETTINGS}app/codes/", {"mark": mark})["Location"] == SETTINGS, (
        "loaded again, it makes no others"
    )
    assert ContactApp.objects.get().recovery_sha256 == kept
    assert (codes[0] in page, "The app is set up" in page, "These codes are new" in page) == (False, False, True)
    assert answer(enter(contact), codes[0]).status_code == 422
    client.post(f"{SETTINGS}app/remove/")
    assert is_in(enter(contact))


def test_secrets_are_kept_encrypted_and_codes_as_hashes(contact: Contact) -> None:
    secret, codes = set_up(browser(contact))
    kept = ContactApp.objects.get()
    assert secret not in kept.secret
    assert not {*codes, *(code.replace("-", "") for code in codes)} & set(kept.recovery_sha256)


def test_staff_take_every_way_in_away_and_all_is_on_record(contact: Contact) -> None:
    """A fault found: a password that somebody with the owner's mailbox had set could not be taken away."""
    client, desk, agent = browser(contact), Client(), make_user()
    set_up(client)
    ContactPasskey.objects.create(
        contact=contact, credential_id="x", credential=b"x", name="Telefono", added_at=clock.now()
    )
    desk.force_login(agent)
    page = f"/desk/customers/people/{contact.public_id}/"
    assert "second-factor/reset/" in desk.get(page).content.decode()
    assert desk.post(f"{page}second-factor/reset/")["Location"] == page
    assert not is_in(client)
    assert (ContactApp.objects.count(), ContactPasskey.objects.count(), has_password(contact)) == (0, 0, False)
    assert OutboundMail.objects.filter(subject__startswith="Password, authenticator app").count() == 1
    assert AuditEntry.objects.get(act="contact-factors-reset").actor == agent
    assert is_in(enter(contact))


def test_who_takes_an_address_away_is_told_what_still_lets_somebody_in(contact: Contact) -> None:
    desk, said = Client(), "Was that mailbox in foreign hands?"
    desk.force_login(make_user(language="en"))
    for number in range(2):
        owned = ContactAddress.objects.create(contact=contact, address=f"old{number}@doria.example", is_primary=False)
        page = f"/desk/customers/people/{contact.public_id}/"
        told = desk.post(f"{page}addresses/{owned.pk}/remove/", follow=True).content.decode()
        assert (said in told, "yes, set" in told) == (number == 0,) * 2
        desk.post(f"{page}second-factor/reset/")


@pytest.mark.parametrize(
    "credential", ["", "1", "{}", '"x"', '{"id": 3}', '{"rawId": "AA", "id": "AA", "response": {}}']
)
def test_what_is_no_answer_of_a_passkey_opens_nothing(contact: Contact, credential: str) -> None:
    client = Client()
    assert client.post("/portal/sign-in/passkey/ask/").json()["publicKey"]["userVerification"] == "required"
    assert client.post("/portal/sign-in/passkey/", {"credential": credential})["Location"] == "/portal/sign-in/"
    assert not is_in(client)


def test_a_session_of_before_the_list_is_put_on_it(contact: Contact) -> None:
    client = browser(contact)
    ContactSession.objects.all().delete()
    session = SessionStore(client.cookies[settings.PORTAL_COOKIE_NAME].value)
    del session["listed"]
    session.save()
    assert "this browser" in client.get(SETTINGS).content.decode()
    assert ContactSession.objects.get().contact == contact
