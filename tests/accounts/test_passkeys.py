"""A passkey's answer that is none is refused in a sentence, at every door that takes one; each of these was a fault of ours (S14, S44)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory
from django.urls import reverse
from fido2.webauthn import AttestationObject

from sportello.accounts.address import network_of
from sportello.accounts.enums import Act
from sportello.accounts.models import AuditEntry
from sportello.accounts.passkeys import REFUSED_FROM_NETWORK, ProofForm
from sportello.core import clock
from sportello.customers.models import ContactPasskey
from sportello.customers.sign_in import make_link
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def answer(attestation: bytes, said: bytes = b"{}", **more: Any) -> str:
    response = {"clientDataJSON": coded(said), "attestationObject": coded(attestation)}
    return json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": response, **more})


NO_ANSWERS = {
    "too deep": "[" * 100_000,
    "a number of thousands of digits": "9" * 5_000,
    "nothing in it": '{"id": 1}',
    "an id that is not coded": answer(b"", rawId="a"),
    "another id": answer(b"", rawId="Yg"),
    "CBOR of nothing": answer(b""),
    "CBOR that is cut off": answer(b"\xa1\x63fmt"),
    "CBOR of a length that is cut off": answer(b"\x9b\xff"),
    "CBOR too deep": answer(b"\x81" * 9_000),
    "no map": answer(b"\x80"),
    "what the browser says too deep": answer(b"\xa0", b"[" * 9_000),
    "half a letter": '{"rawId": "\\ud800", "id": "a"}',
}


def test_these_are_what_the_library_does_not_expect() -> None:
    with pytest.raises(RecursionError):
        AttestationObject(b"\x81" * 9_000)


@pytest.mark.parametrize("credential", NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_s44_an_answer_that_is_none_signs_no_member_of_staff_in(credential: str) -> None:
    client = Client()
    client.get(reverse("mfa_login_webauthn"))
    answered = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answered.status_code in {200, 302, 429}
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_s44_an_answer_that_is_none_is_no_passkey_of_a_member_of_staff(credential: str) -> None:
    client = Client()
    client.force_login(make_user())
    for name in ("mfa_add_webauthn", "mfa_reauthenticate_webauthn"):
        client.get(reverse(name))
        answered = client.post(reverse(name), {"credential": credential, "name": "x"})
        assert answered.status_code in {200, 302}, name
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_s44_an_answer_that_is_none_is_no_passkey_of_a_contact(credential: str) -> None:
    client, stranger = Client(), Client()
    client.post(reverse("portal:enter", args=[make_link(contact=make_contact(), now=clock.now())]))
    client.get(reverse("portal:add-passkey"))
    added = client.post(reverse("portal:add-passkey"), {"credential": credential, "name": "x"})
    assert (added.status_code, ContactPasskey.objects.exists()) == (302, False)
    stranger.post(reverse("portal:ask-passkey"))
    entered = stranger.post(reverse("portal:enter-by-passkey"), {"credential": credential})
    assert entered["Location"] == reverse("portal:sign-in")


def test_asvs_16_3_1_a_wrong_passkey_is_audited_as_a_wrong_password_is(rf: RequestFactory) -> None:
    """In place of the password, when nobody knows whose it is, and after it."""
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.get(reverse("mfa_login_webauthn"))
    client.post(reverse("mfa_login_webauthn"), {"credential": NO_ANSWERS["nothing in it"]})
    with context.request_context(rf.post("/", REMOTE_ADDR="192.0.2.7")):
        user = make_user(email="a@provider.example")
        assert not ProofForm({"credential": NO_ANSWERS["CBOR of nothing"]}, user=user).is_valid()
    entries = AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED).order_by("id")
    assert list(entries.values_list("subject", "detail", "address")) == [
        ("", {"passkey": True}, "192.0.2.7"),
        ("a@provider.example", {"passkey": True}, "192.0.2.7"),
    ]


def test_asvs_16_3_1_passkeys_that_are_none_do_not_fill_the_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)  # a stretch that ended meanwhile would begin to count anew
    for _ in range(REFUSED_FROM_NETWORK.most):
        REFUSED_FROM_NETWORK.take(network_of("192.0.2.7"), now=now)
    for address, noted in (("192.0.2.7", 0), ("198.51.100.7", 1)):
        client = Client(REMOTE_ADDR=address)
        client.get(reverse("mfa_login_webauthn"))
        client.post(reverse("mfa_login_webauthn"), {"credential": NO_ANSWERS["nothing in it"]})
        assert AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED).count() == noted
