"""What staff enter about customers, their people and the addresses these write from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sportello.customers.actions import ContactFields, CustomerFields
from sportello.customers.models import Contact, Customer
from sportello.desk.forms.entry import DayField, EntryForm


class CustomerForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"code-taken": "code"})

    name = forms.CharField(label=_("Name"), max_length=160)
    code = forms.CharField(label=_("Customer code"), max_length=40, help_text=_("The one on invoices and contracts."))
    since = DayField(label=_("Customer since"), required=False)
    is_active = forms.BooleanField(label=_("Has a contract"), required=False)

    @classmethod
    def of(cls, customer: Customer) -> CustomerForm:
        return cls(initial={name: getattr(customer, name) for name in cls.base_fields})

    def entered(self) -> CustomerFields:
        return CustomerFields(**self.cleaned_data)


class ContactForm(EntryForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    role = forms.CharField(label=_("Role"), max_length=80, required=False, help_text=_("Owner, accounts, web agency…"))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Mails to this person are written in it.")
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    is_active = forms.BooleanField(label=_("Still works with us"), required=False)

    @classmethod
    def of(cls, contact: Contact) -> ContactForm:
        return cls(initial={name: getattr(contact, name) for name in cls.base_fields})

    def entered(self) -> ContactFields:
        return ContactFields(**{name: self.cleaned_data[name] for name in ContactForm.base_fields})


class NewContactForm(ContactForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"address-not-valid": "mail", "address-taken": "mail"})

    mail = forms.CharField(label=_("Mail address"), max_length=254, widget=forms.EmailInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "mail"])


class AddressForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"address-not-valid": "mail", "address-taken": "mail"})

    mail = forms.CharField(
        label=_("One more mail address"),
        max_length=254,
        widget=forms.EmailInput,
        help_text=_("Whoever writes from it writes in this person's name, and gets their answers."),
    )
