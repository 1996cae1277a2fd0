"""What staff say about themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, UserTokenForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import User


class _InOurWords:
    """allauth writes the labels of its fields as titles; no other label here is one."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("oldpassword", _("Current password")),
            ("password1", _("New password")),
            ("password2", _("New password, again")),
        ):
            if name in self.fields:
                self.fields[name].label = label


class NewPasswordForm(_InOurWords, ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """For who is signed in."""


class NewPasswordByLinkForm(_InOurWords, ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """For who came by a mail link."""


class LinkForm(UserTokenForm):  # type: ignore[misc]  # allauth has no types
    """Whom a link was sent to. Once they are deactivated it is worth nothing: whoever has it would choose the password of the day they are back."""

    def _get_user(self, uidb36: str) -> User | None:
        user: User | None = super()._get_user(uidb36)
        return user if user and user.is_active else None


class OwnSettingsForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Customers read it under your answers."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @classmethod
    def of(cls, user: User) -> OwnSettingsForm:
        return cls(initial={"name": user.name, "language": user.language})
