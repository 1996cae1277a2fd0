"""The addresses from which a person writes."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.customers.actions.fields import Noted, mail_address
from sportello.customers.models import Contact, ContactAddress
from sportello.customers.queries import contact_by_address


def add_address(*, contact: Contact, mail: str, by: User | None, now: datetime, address: str | None) -> ContactAddress:
    """One more address from which this person may read and write their tickets; the first one is where mail goes.

    Raises Refused("address-not-valid"), Refused("address-taken").
    """
    check_can_write(by)
    owned = ContactAddress(contact=contact, address=mail_address(mail), is_primary=not contact.addresses.exists())
    with transaction.atomic():
        try:
            with transaction.atomic():
                owned.save()
        except IntegrityError:
            raise _address_taken(owned.address) from None
        _record_address(Act.CONTACT_ADDRESS_ADDED, owned, by, now, address)
    return owned


def remove_address(*, owned: ContactAddress, by: User | None, now: datetime, address: str | None) -> None:
    """What comes from it later is from a stranger. Raises Refused("last-address")."""
    check_can_write(by)
    with transaction.atomic():
        if not _is_held(owned):
            return
        others = list(owned.contact.addresses.exclude(pk=owned.pk).order_by("-is_primary", "pk"))
        if not others:
            raise Refused("last-address", _("This is the only address; add the new one first."))
        _record_address(Act.CONTACT_ADDRESS_REMOVED, owned, by, now, address)
        owned.delete()
        if not others[0].is_primary:
            _set_primary(others[0])


def make_primary(*, owned: ContactAddress, by: User) -> None:
    """Mail to this contact goes to this address from now on."""
    check_can_write(by)
    with transaction.atomic():
        if _is_held(owned):
            _set_primary(owned)


@transaction.atomic
def clear_bounce(*, owned: ContactAddress, by: User) -> None:
    """A person says that the address works again."""
    check_can_write(by)
    ContactAddress.objects.filter(pk=owned.pk).update(bounced_at=None, bounce_reason="")


def _is_held(owned: ContactAddress) -> bool:
    """Whether it is still there. The person is held: of their addresses one is the first, whatever two people do to them at once."""
    Contact.objects.select_for_update(of=("self",), no_key=True).get(pk=owned.contact_id)
    return ContactAddress.objects.filter(pk=owned.pk).exists()


def _set_primary(owned: ContactAddress) -> None:
    ContactAddress.objects.filter(contact=owned.contact_id).exclude(pk=owned.pk).update(is_primary=False)
    ContactAddress.objects.filter(pk=owned.pk).update(is_primary=True)


def _record_address(act: Act, owned: ContactAddress, by: User | None, now: datetime, address: str | None) -> None:
    noted: Noted = {"by": by, "now": now, "address": address, "about": owned.contact}
    record(act=act, subject=owned.address, detail={"contact": owned.contact.name}, **noted)


def _address_taken(mail: str) -> Refused:
    owner = contact_by_address(mail)
    name = str(owner.customer or owner) if owner else mail
    return Refused("address-taken", _("%(address)s belongs to %(name)s already.") % {"address": mail, "name": name})
