"""People who are asked to write for a customer: whom, with which rights, until when."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.core.lines import unturned
from sportello.customers.actions import Granted, mail_address
from sportello.customers.models import Contact, Customer, Invitation, Rights
from sportello.customers.queries import owned_address, rights_at

LASTS = timedelta(days=7)
MOST_OPEN = 50
"""Invitations of one customer at a time."""
_SECRET_BYTES = 32


def may_invite(contact: Contact) -> list[Customer]:
    """The customers for whom a contact may invite: those of which they see all tickets."""
    rows = contact.memberships.filter(sees_all=True, customer__is_active=True).select_related("customer")
    own = contact.customer
    first = [own] if own and own.is_active and contact.sees_all else []
    return [*first, *(row.customer for row in rows)]


def invitations_of(customers: list[Customer]) -> list[Invitation]:
    """The last sent first."""
    rows = Invitation.objects.filter(customer__in=customers, accepted_at=None).select_related("customer", "by_contact")
    return list(rows.order_by("-sent_at", "-pk"))


def invitation_of(pk: int, *, within: list[Customer]) -> Invitation | None:
    rows = Invitation.objects.select_related("customer", "by_contact")
    return rows.filter(pk=pk, customer__in=within, accepted_at=None).first()


def invitation_of_secret(secret: str, *, now: datetime) -> Invitation | None:
    """One that can still be taken up: in time, and from somebody who may still invite."""
    rows = Invitation.objects.select_related("customer", "by_contact__customer")
    found = rows.filter(
        secret_sha256=_digest(secret), expires_at__gt=now, accepted_at=None, customer__is_active=True
    ).first()
    return found if found and still_granted(found) else None


def still_granted(invitation: Invitation) -> Granted | None:
    """What the invited get: never more than who invited them may today; None when that person may not invite any more."""
    offered = _granted(invitation)
    if invitation.by_contact is None:
        return offered
    return _at_most(offered, _inviting(invitation.by_contact, invitation.customer))


@transaction.atomic
def make_invitation(
    *,
    customer: Customer,
    mail: str,
    name: str,
    language: str,
    granted: Granted,
    by: User | Contact,
    now: datetime,
    address: str | None,
) -> tuple[Invitation, str]:
    """The invitation, and the secret of its link, told once. Rights that the inviting contact has not are not given.

    Raises Refused: "address-not-valid", "already-here", "contract-ended", "has-left", "invited-already", "invitations-many", "may-not-invite".
    Whether the address belongs to somebody of another customer is not told: such a person accepts, and writes for both.
    """
    given = _checked(customer, granted, by)
    _check_contract(customer)
    wanted = mail_address(mail)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    _check_not_here(customer, wanted)
    if Invitation.objects.filter(customer=customer, accepted_at=None).count() >= MOST_OPEN:
        raise Refused("invitations-many", _("Too many invitations are open: withdraw some first."))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    made = Invitation.objects.create(
        customer=customer,
        address=wanted,
        name=unturned(name).strip(),
        language=language,
        by_staff=by if isinstance(by, User) else None,
        by_contact=by if isinstance(by, Contact) else None,
        secret_sha256=_digest(secret),
        sent_at=now,
        expires_at=now + LASTS,
        **asdict(given),
    )
    _record(Act.CONTACT_INVITED, made, by, now, address)
    return made, secret


@transaction.atomic
def renew(*, invitation: Invitation, by: User | Contact, now: datetime, address: str | None) -> str:
    """A new secret for as long again; the link that was sent before is worth nothing any more.

    Raises Refused: "contract-ended", "invitation-over", "may-not-invite".
    """
    _checked(invitation.customer, _granted(invitation), by)
    _check_contract(invitation.customer)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    still = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
    if not still.update(secret_sha256=_digest(secret), sent_at=now, expires_at=now + LASTS):
        raise Refused("invitation-over", _("This invitation was taken up or withdrawn."))
    _record(Act.INVITED_AGAIN, invitation, by, now, address)
    return secret


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User | Contact, now: datetime, address: str | None) -> None:
    _checked(invitation.customer, _granted(invitation), by)
    if Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()[0]:
        _record(Act.INVITATION_WITHDRAWN, invitation, by, now, address)


def forget_old_invitations(*, now: datetime) -> int:
    """Those that ended a month ago."""
    return Invitation.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()[0]


def _checked(customer: Customer, granted: Granted, by: User | Contact) -> Granted:
    if isinstance(by, User):
        check_can_write(by)
        return granted
    given = _at_most(granted, _inviting(by, customer))
    if given is None:
        raise Refused("may-not-invite", _("Only who sees all requests of a customer can invite somebody."))
    return given


def _check_contract(customer: Customer) -> None:
    """Its mail would not leave, nor its link let anybody in."""
    if not customer.is_active:
        raise Refused("contract-ended", _("This customer's contract has ended: nobody can be invited for it."))


def _inviting(contact: Contact, customer: Customer) -> Rights | None:
    rights = rights_at(contact, customer.pk) if contact.is_active else None
    return rights if rights and rights.sees_all else None


def _granted(rights: Rights) -> Granted:
    return Granted(**{name: getattr(rights, name) for name in Granted.__dataclass_fields__})


def _at_most(granted: Granted, own: Rights | None) -> Granted | None:
    if own is None:
        return None
    return Granted(**{name: wanted and getattr(own, name) for name, wanted in asdict(granted).items()})


def _check_not_here(customer: Customer, wanted: str) -> None:
    known = owned_address(wanted)
    if known and rights_at(known.contact, customer.pk):
        if not known.contact.is_active:
            raise Refused("has-left", _("This person was here and has left: only staff can let them in again."))
        raise Refused("already-here", _("%(name)s is here already with this address.") % {"name": known.contact})
    if Invitation.objects.filter(customer=customer, address=wanted, accepted_at=None).exists():
        raise Refused("invited-already", _("This address is invited already: send the invitation again."))


def _record(act: Act, invitation: Invitation, by: User | Contact, now: datetime, address: str | None) -> None:
    detail = {} if isinstance(by, User) else {"contact": by.name}
    actor = by if isinstance(by, User) else None
    about = invitation.customer
    record(act=act, subject=invitation.address, by=actor, now=now, address=address, detail=detail, about=about)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
