"""What a passkey answers comes through a browser that may be anybody's: it is an answer, or it is refused in a sentence."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import get_state
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.accounts.actions import record
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Act
from sportello.accounts.limits import Limit
from sportello.accounts.models import User
from sportello.accounts.second_factor import SecondFactorAdapter
from sportello.core import clock

NO_ANSWER = (
    ValueError, TypeError, LookupError, AttributeError, RecursionError, struct.error, InvalidSignature, UnsupportedAlgorithm,
)  # fmt: skip
"""What fido2, its CBOR and the check of a signature raise at an answer that is none, or proves nothing. allauth expects some of them."""


REFUSED_FROM_NETWORK = Limit("passkey-refused", most=30, within=timedelta(minutes=15))
"""So many stand in the audit, as many as wrong passwords: whoever sends nonsense on purpose fills nothing."""


ANSWERED = Limit("passkey-answered", most=1, within=timedelta(days=1))
"""What was asked is answered once: sessions that are read at the same moment all hold the question."""


@contextmanager
def _a_sentence_for_nonsense() -> Iterator[None]:
    try:
        yield
    except NO_ANSWER as error:
        raise SecondFactorAdapter().validation_error("incorrect_code") from error


def _audit_refusal(user: User | None) -> None:
    """Whose key it would have been is known only after the password: what is in an answer that proves nothing may be anybody's."""
    now, address = clock.now(), client_address(context.request)
    if REFUSED_FROM_NETWORK.take(network_of(address), now=now):
        subject = user.email if user else ""
        record(act=Act.SIGN_IN_FAILED, subject=subject, by=None, now=now, address=address, detail={"passkey": True})


class AnswerField(forms.JSONField):
    """Django expects of JSON only that it is wrong in its signs: not that it is too deep, or holds a number of thousands of digits."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 - as Django calls it
        """It is shown again as it came."""
        return forms.fields.InvalidJSONInput(data or "")


class NewPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    credential = AnswerField()
    passwordless = forms.BooleanField(
        label=_("Sign in with this key alone"),
        required=False,
        help_text=_("Without a password; the key then asks for a finger, a face or its PIN."),
    )

    def clean(self) -> Any:
        with _a_sentence_for_nonsense():
            return super().clean()


class Proof(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    credential = AnswerField()

    def clean_credential(self) -> Authenticator:
        try:
            return self._answered_once()
        except forms.ValidationError:
            _audit_refusal(self.user)
            raise

    def _answered_once(self) -> Authenticator:
        with _a_sentence_for_nonsense():
            asked = (get_state() or {}).get("challenge", "")
            found: Authenticator = super().clean_credential()
        if not ANSWERED.take(asked, now=clock.now()):
            raise SecondFactorAdapter().validation_error("incorrect_code")
        return found


class ProofForm(Proof):
    """After the password."""


class SignInForm(Proof, LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Instead of address and password."""


class ProofAgainForm(Proof, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Before something sensitive."""
