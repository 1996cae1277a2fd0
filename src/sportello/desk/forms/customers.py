"""What staff enter about customers, their people and the addresses these write from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sportello.customers.actions import ContactFields, CustomerFields, Granted
from sportello.customers.enums import CustomerKind
from sportello.customers.models import Contact, Customer, Rights
from sportello.desk.forms.entry import DayField, EntryForm, LinesField


class CustomerForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "code-taken": "code",
            "external-id-taken": "external_id",
            "vat-not-valid": "vat_number",
            "tax-code-not-valid": "tax_code",
            "sdi-not-valid": "sdi_code",
            "pec-not-valid": "pec",
            "zone-not-known": "time_zone",
        }
    )

    name = forms.CharField(label=_("Name"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerKind.choices)
    code = forms.CharField(label=_("Customer code"), max_length=40, help_text=_("The one on invoices and contracts."))
    since = DayField(label=_("Customer since"), required=False)
    is_active = forms.BooleanField(label=_("Has a contract"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.CharField(label=_("Time zone"), max_length=60, initial="Europe/Rome")
    vat_number = forms.CharField(label=_("VAT number"), max_length=30, required=False)
    tax_code = forms.CharField(label=_("Codice fiscale"), max_length=30, required=False)
    sdi_code = forms.CharField(
        label=_("SDI code"), max_length=10, required=False, help_text=_("Where electronic invoices go.")
    )
    pec = forms.CharField(label=_("Certified mail (PEC)"), max_length=254, required=False, widget=forms.EmailInput)
    external_id = forms.CharField(label=_("Id in the billing system"), max_length=64, required=False)

    @classmethod
    def of(cls, customer: Customer) -> CustomerForm:
        return cls(initial={name: getattr(customer, name) for name in cls.base_fields})

    def entered(self) -> CustomerFields:
        return CustomerFields(**self.cleaned_data)


class CustomerOfTicketForm(CustomerForm):
    """A customer made of whoever asked, and what is known of the person. The first person of a customer has every right."""

    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({**CustomerForm.BESIDE, "telephone-not-valid": "phones"})

    person = forms.CharField(label=_("Person who asked"), max_length=160)
    phones = LinesField(label=_("Telephones"), help_text=_("One a line; a foreign one begins with +."))
    has_rights = forms.BooleanField(
        label=_("Sees all tickets, may approve charges and ask for what cannot be undone"), required=False
    )

    field_order = ("name", "kind", "code", "person", "phones", "has_rights", "language")

    def entered(self) -> CustomerFields:
        return CustomerFields(**{name: self.cleaned_data[name] for name in CustomerForm.base_fields})

    def of_person(self) -> ContactFields:
        has_rights = self.cleaned_data["has_rights"]
        return ContactFields(
            name=self.cleaned_data["person"],
            language=self.cleaned_data["language"],
            other_phones=self.cleaned_data["phones"],
            sees_all=has_rights,
            may_approve=has_rights,
            may_order=has_rights,
        )


NOTHING_TO_APPROVE = _("Kept for when repairs are charged: the desk does not put charges up for approval yet.")


class RightsForm(EntryForm):
    """What a person may do at a customer."""

    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({})

    sees_all = forms.BooleanField(label=_("Sees all tickets of the customer, not only their own"), required=False)
    may_open = forms.BooleanField(label=_("May open tickets"), required=False)
    may_approve = forms.BooleanField(label=_("May approve charges"), required=False, help_text=NOTHING_TO_APPROVE)
    may_order = forms.BooleanField(
        label=_("May ask for what cannot be undone, such as deleting or restoring"), required=False
    )

    @classmethod
    def of_rights(cls, rights: Rights | None) -> RightsForm:
        return cls(initial={name: getattr(rights or Granted(), name) for name in RightsForm.base_fields})

    def granted(self) -> Granted:
        return Granted(**{name: self.cleaned_data[name] for name in RightsForm.base_fields})


class ContactForm(RightsForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"telephone-not-valid": "phones", "external-id-taken": "external_id"}
    )

    name = forms.CharField(label=_("Name"), max_length=160)
    role = forms.CharField(label=_("Role"), max_length=80, required=False, help_text=_("Owner, accounts, web agency…"))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Mails to this person are written in it.")
    )
    phones = LinesField(label=_("Telephones"), help_text=_("One a line; a foreign one begins with +."))
    external_id = forms.CharField(label=_("Id in the billing system"), max_length=64, required=False)
    is_active = forms.BooleanField(label=_("Still works with us"), required=False)

    field_order = ("name", "mail", "role", "language", "phones", "is_active", *RightsForm.base_fields)

    @classmethod
    def of(cls, contact: Contact) -> ContactForm:
        return cls(initial={name: getattr(contact, name) for name in cls.base_fields})

    def entered(self) -> ContactFields:
        entered = {name: self.cleaned_data[name] for name in ContactForm.base_fields if name != "phones"}
        return ContactFields(other_phones=self.cleaned_data["phones"], **entered)


class NewContactForm(ContactForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {**ContactForm.BESIDE, "address-not-valid": "mail", "address-taken": "mail"}
    )

    mail = forms.CharField(label=_("Mail address"), max_length=254, widget=forms.EmailInput)


class InviteForm(RightsForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        dict.fromkeys(("address-not-valid", "already-here", "has-left", "invited-already"), "mail")
    )

    mail = forms.CharField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput,
        help_text=_("A link that works for seven days goes there; whoever follows it writes for this customer."),
    )
    name = forms.CharField(label=_("Name"), max_length=160)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Mails to this person are written in it.")
    )

    field_order = ("mail", "name", "language", *RightsForm.base_fields)


class AddressForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"address-not-valid": "mail", "address-taken": "mail"})

    mail = forms.CharField(
        label=_("One more mail address"),
        max_length=254,
        widget=forms.EmailInput,
        help_text=_("Whoever writes from it writes in this person's name, and gets their answers."),
    )
