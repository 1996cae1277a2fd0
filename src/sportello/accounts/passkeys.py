"""What a passkey answers comes through a browser that may be anybody's: it is an answer, or it is refused in a sentence."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.accounts.second_factor import SecondFactorAdapter

NO_ANSWER = (
    ValueError, TypeError, LookupError, AttributeError, RecursionError, struct.error, InvalidSignature, UnsupportedAlgorithm,
)  # fmt: skip
"""What fido2, its CBOR and the check of a signature raise at an answer that is none, or proves nothing. allauth expects some of them."""


@contextmanager
def _a_sentence_for_nonsense() -> Iterator[None]:
    try:
        yield
    except NO_ANSWER as error:
        raise SecondFactorAdapter().validation_error("incorrect_code") from error


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
        with _a_sentence_for_nonsense():
            return super().clean_credential()


class ProofForm(Proof):
    """After the password."""


class SignInForm(Proof, LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Instead of address and password."""


class ProofAgainForm(Proof, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Before something sensitive."""
