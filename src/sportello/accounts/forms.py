"""What staff say about themselves."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import User


class OwnSettingsForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Customers read it under your answers."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @classmethod
    def of(cls, user: User) -> OwnSettingsForm:
        return cls(initial={"name": user.name, "language": user.language})
