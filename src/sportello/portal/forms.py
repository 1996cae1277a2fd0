"""What customers write in their area."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from sportello.accounts.passkeys import AnswerField
from sportello.core.addresses import as_kept
from sportello.customers.enums import Notice
from sportello.privacy.rules import LONGEST_LABEL, LONGEST_SECRET
from sportello.tickets.enums import Claim, OrderKind, Verdict
from sportello.ui.files import FilesField

LONGEST_PASSWORD = 200  # characters
LONGEST_REPLY = 100_000  # characters
LONGEST_ORDER = 2_000  # characters
LONGEST_QUESTION = 10_000  # characters
LONGEST_RATING = 2_000  # characters


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        return as_kept(address)


OTHER = "other"
"""What is chosen for a request that is about no service."""


class DraftForm(forms.Form):
    """What is written so far of a new request, as it is kept: nothing of it has to be there or be right."""

    service = forms.CharField(max_length=40, required=False)
    claim = forms.CharField(max_length=10, required=False)
    text = forms.CharField(max_length=LONGEST_REPLY, required=False, strip=False)


class SentOnce(forms.Form):
    """What is not sent twice by a double click, a reload or another try after a fault."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    """The same for every repeat of one sending."""

    def sending(self) -> str:
        """By what a repeat is known: the same page with the same words and files. Other words on it are said anew, or they would be lost [R15]."""
        files = [f"{file.name} {file.size}" for file in self.cleaned_data.get("uploads", ())]
        words = [self.cleaned_data.get(name, "") for name in ("text", "secret", "secret_label")]
        said = salted_hmac("sportello.portal.sending", json.dumps([*words, *files]), algorithm="sha256")
        return f"{self.cleaned_data['once']}:{said.hexdigest()}"


class NewForm(SentOnce):
    service = forms.CharField(max_length=40, error_messages={"required": _("Choose what it is about.")})
    claim = forms.ChoiceField(
        choices=Claim.choices,
        error_messages={"required": _("Choose how bad it is."), "invalid_choice": _("Choose how bad it is.")},
    )
    text = forms.CharField(max_length=LONGEST_REPLY, error_messages={"required": _("Write what happens.")})
    uploads = FilesField(required=False)
    secret = forms.CharField(max_length=LONGEST_SECRET, required=False, strip=False)
    secret_label = forms.CharField(max_length=LONGEST_LABEL, required=False)


class SameForm(NewForm):
    """What is written so far, to be added to a ticket that is there already: neither service nor harm has to be chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].required = self.fields["claim"].required = False


class ReplyForm(SentOnce):
    text = forms.CharField(label=_("Your message"), max_length=LONGEST_REPLY, widget=forms.Textarea(attrs={"rows": 6}))
    uploads = FilesField(label=_("Files"), required=False)


class SecretForm(forms.Form):
    """A secret, and what it is for. It is never put back into the page."""

    label = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Like “FTP of example.it”. This stands in the request; never write the secret itself here."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("Password or key"),
        max_length=LONGEST_SECRET,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].widget.format_value = lambda _value: ""


class RatingForm(forms.Form):
    verdict = forms.ChoiceField(
        choices=Verdict.choices,
        error_messages={"required": _("Choose whether it helped."), "invalid_choice": _("Choose whether it helped.")},
    )
    text = forms.CharField(max_length=LONGEST_RATING, required=False)


class LanguageForm(forms.Form):
    """The language of a contact's pages and mails."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("These pages and our mails; requests that are there already keep theirs."),
    )


class NoticesForm(forms.Form):
    """What is told by mail: what is not ticked is only told in the customer area."""

    wanted = forms.MultipleChoiceField(
        label=_("A mail comes with"), choices=Notice.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class ColleagueForm(forms.Form):
    colleague = forms.UUIDField()


class PasswordForm(forms.Form):
    """Which passwords are good enough is said by the rules for staff's."""

    new = forms.CharField(
        label=_("New password"),
        help_text=_(
            "At least twelve characters, besides our name and words of our trade, and none of those that everybody tries first."
        ),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("The two are not the same."))
        return again


class OrderForm(forms.Form):
    """What cannot be undone."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OrderKind.choices)
    text = forms.CharField(
        label=_("What exactly"),
        help_text=_("Which service, which data, from when: what is not written here is not done."),
        max_length=LONGEST_ORDER,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PresalesForm(forms.Form):
    """A question before buying. `stamp` says when the form was opened."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    address = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("A link arrives there; your question reaches us once you have opened it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    company = forms.CharField(
        label=_("Company"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    text = forms.CharField(
        label=_("Your question"), max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 7})
    )
    stamp = forms.CharField(widget=forms.HiddenInput, max_length=300)


class IdsField(forms.TypedMultipleChoiceField):
    """Some ids, of whatever there is or was."""

    def __init__(self, **given: Any) -> None:
        super().__init__(coerce=UUID, **given)

    def valid_value(self, value: str) -> bool:
        """Whether it is one is found out where it is made one."""
        return bool(value)


class ChosenForm(forms.Form):
    """Which questions somebody confirms, of those that they were shown."""

    question = IdsField(required=False)
    shown = IdsField(required=False)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class PasskeyForm(forms.Form):
    """The answer of a passkey, as the browser gives it."""

    credential = AnswerField()
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class NewPasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("So that you know it again, for instance after the device."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    credential = AnswerField()


class InviteForm(forms.Form):
    """Whom to let in, and what they may do. Of rights that the inviting person has not, none is given."""

    RIGHTS = ("sees_all", "may_open", "may_approve", "may_order")

    address = forms.EmailField(label=_("Mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=160)
    may_open = forms.BooleanField(label=_("May open requests"), required=False, initial=True)
    sees_all = forms.BooleanField(label=_("Sees all requests, and may invite others"), required=False)
    may_approve = forms.BooleanField(
        label=_("May approve charges"),
        required=False,
        help_text=_("Charges are not put up for approval here yet; whoever may approve them will be asked here."),
    )
    may_order = forms.BooleanField(label=_("May ask for what cannot be undone, such as deleting"), required=False)
