"""Forms about staff and teams. Explicit fields only: what is not here cannot be set from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sportello.accounts import queries
from sportello.accounts.enums import Role
from sportello.accounts.models import Team, User

if TYPE_CHECKING:
    TeamField = forms.ModelChoiceField[Team]
else:
    TeamField = forms.ModelChoiceField


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    role = forms.TypedChoiceField(
        label=_("Role"),
        choices=Role.choices,
        coerce=Role,
        initial=Role.AGENT,
        help_text=_(
            "Administrators also manage people and settings; who reads only sees everything and changes nothing."
        ),
    )
    team = TeamField(label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("no team"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE)

    def __init__(self, data: object = None, *, user: User | None = None) -> None:
        names = ("name", "email", "role", "team", "language")
        super().__init__(data, initial={name: getattr(user, name) for name in names} if user else None)  # type: ignore[arg-type]
        team = self.fields["team"]
        if isinstance(team, forms.ModelChoiceField):
            team.queryset = queries.teams()


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name of the team"), max_length=80)
