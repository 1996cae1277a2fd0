"""Inviting somebody to write for a customer: the mail with the link, and what happens when it is followed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.customers import actions as customers
from sportello.customers.invitations import invitation_of_secret, make_invitation, renew, still_granted
from sportello.customers.models import Contact, ContactAddress, Customer, Invitation
from sportello.customers.queries import owned_address, rights_at
from sportello.mail.actions.outbound import enqueue
from sportello.mail.enums import OutboundKind
from sportello.mail.queries.mailboxes import mailbox_for_notices
from sportello.mail.queries.outbound import sending_is_on
from sportello.tickets.actions.belonging import attach_contact


class Invited(TypedDict):
    """Whom, to write for whom, and who says so."""

    customer: Customer
    mail: str
    name: str
    language: str
    granted: customers.Granted
    by: User | Contact
    now: datetime
    address: str | None


@transaction.atomic
def invite_contact(**invited: Unpack[Invited]) -> Invitation:
    """Makes the invitation and sends it. Raises what `make_invitation` does, and Refused("no-mailbox")."""
    invitation, secret = make_invitation(**invited)
    _send(invitation, secret, invited["by"], invited["now"])
    return invitation


@transaction.atomic
def invite_again(*, invitation: Invitation, by: User | Contact, now: datetime, address: str | None) -> None:
    """With a new link. Raises Refused("may-not-invite"), Refused("no-mailbox")."""
    _send(invitation, renew(invitation=invitation, by=by, now=now, address=address), by, now)


@transaction.atomic
def accept_invitation(*, secret: str, now: datetime, address: str | None) -> ContactAddress:
    """The person writes for the customer from now on; the address by which they are let in. Raises Refused("link-not-valid").

    Whoever was a stranger until now brings their tickets; whoever belongs to another customer writes for both.
    """
    invitation = invitation_of_secret(secret, now=now)
    granted = still_granted(invitation) if invitation else None
    if invitation is None or granted is None or not _take(invitation, now):
        raise _not_valid()
    owned = owned_address(invitation.address)
    contact = owned.contact if owned else _new(invitation, granted, now, address)
    if not contact.is_active:
        raise _not_valid()
    if contact.customer_id is None:
        attach_contact(contact=contact, customer=invitation.customer, by=None, now=now)
        fields = customers.fields_of(contact, name=contact.name or invitation.name, **asdict(granted))
        customers.change_contact(contact=contact, fields=fields, by=None, now=now, address=address)
    elif rights_at(contact, invitation.customer_id) is None:
        customers.grant(
            contact=contact, customer=invitation.customer, granted=granted, by=None, now=now, address=address
        )
    noted = {"customer": invitation.customer.name}
    record(
        act=Act.INVITATION_ACCEPTED,
        subject=contact.name,
        by=None,
        now=now,
        address=address,
        detail=noted,
        about=contact,
    )
    return contact.addresses.select_related("contact__customer").get(address=invitation.address)


def what_becomes_of_it() -> str:
    """Of the mail with the link, for whoever invites."""
    if sending_is_on():
        return _("The invitation is on its way.")
    return _("The invitation is written. It leaves when sending is switched on.")


def _take(invitation: Invitation, now: datetime) -> bool:
    """Not where it was sent again meanwhile: the link that was sent before is worth nothing any more."""
    still = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, secret_sha256=invitation.secret_sha256)
    return still.update(accepted_at=now) == 1


def _new(invitation: Invitation, granted: customers.Granted, now: datetime, address: str | None) -> Contact:
    fields = customers.ContactFields(name=invitation.name, language=invitation.language, **asdict(granted))
    return customers.create_contact(
        customer=invitation.customer, fields=fields, mail=invitation.address, by=None, now=now, address=address
    )


def _send(invitation: Invitation, secret: str, by: User | Contact, now: datetime) -> None:
    mailbox = mailbox_for_notices()
    if mailbox is None:
        raise Refused("no-mailbox", _("There is no mailbox to write from yet: add one first."))
    path = reverse("portal:invited", kwargs={"secret": secret})
    with translation.override(invitation.language):
        text = _(
            "Hello,\n\n%(who)s: requests for %(customer)s can be opened and followed there.\n\n"
            "This link leads in; it works once, for seven days:\n%(link)s\n\n"
            "If you do not know what this is about, nothing needs to be done."
        ) % {
            "who": _who_invites(by),
            "customer": invitation.customer.name,
            "link": f"{settings.PUBLIC_URL}{path}",
        }
        enqueue(
            mailbox=mailbox,
            kind=OutboundKind.INVITATION,
            to=invitation.address,
            to_name=invitation.name,
            subject=_("Invitation to the customer area"),
            text=text,
            language=invitation.language,
            now=now,
            automatic=True,
            reader={"invitation": invitation.pk},
        )


def _who_invites(by: User | Contact) -> str:
    provider = settings.PROVIDER_NAME
    if isinstance(by, Contact):
        return _("%(by)s invites you to the customer area of %(provider)s") % {"by": by.name, "provider": provider}
    return _("%(provider)s invites you to its customer area") % {"provider": provider}


def _not_valid() -> Refused:
    return Refused("link-not-valid", _("This invitation was taken up, withdrawn, or is older than seven days."))
