"""What the ticket page shows around the conversation: named reads, none of which a customer's page reaches."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.core.statements import Reading
from sportello.customers.models import Contact, ContactAddress, Customer
from sportello.customers.queries import customers_named
from sportello.services.models import Service
from sportello.tickets.enums import DraftKind, FollowerRole, LinkKind
from sportello.tickets.models import Attachment, Draft, Follower, Link, Merge, Message, Order, Rating, Tag, Ticket
from sportello.tickets.permissions import check_can_read
from sportello.tickets.queries import Parts, orders_of, readers_of
from sportello.triage.models import Queue
from sportello.triage.queries import queues

_MERGES = Reading(
    lambda source, target: (
        Merge.objects.filter(Q(source=source) | Q(target=target), undone_at=None)
        .select_related("source", "target")
        .defer("source__search", "target__search")
    )
)
_LINKS = Reading(
    lambda source, target: (
        Link.objects.filter(Q(source=source) | Q(target=target))
        .select_related("source", "target")
        .defer("source__search", "target__search")
        .order_by("id")
    )
)
_ADDRESSES = Reading(lambda contact: ContactAddress.objects.filter(contact=contact).order_by("-is_primary", "id"))
_FOLLOWERS = Reading(
    lambda ticket: (
        Follower.objects.filter(ticket=ticket).select_related("contact__customer", "user").order_by("since", "id")
    )
)
_TAGS = Reading(lambda ticket: Tag.objects.filter(tickets=ticket))
_RATINGS = Reading(lambda ticket: Rating.objects.filter(ticket=ticket).select_related("contact").order_by("-at"))
_DRAFTS = Reading(lambda ticket, user: Draft.objects.filter(ticket=ticket, user=user))


@dataclass(frozen=True, slots=True)
class Relation:
    """Another ticket and what this one has to do with it, as seen from here."""

    link: Link
    other: Ticket
    is_source: bool

    @property
    def was_split_off(self) -> bool:
        """Whether this ticket began as a message of the other."""
        return self.is_source and self.link.kind == LinkKind.SPLIT


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Two to nine queries, however much there is."""

    addresses: list[ContactAddress]
    followers: list[Follower]
    readers: list[Contact]
    """Who of the followers may still read it: all but those who were withdrawn or no longer write for its customer. Empty without followers."""
    relations: list[Relation]
    merged_in: list[Merge]
    merged_out: Merge | None
    tags: list[Tag]
    ratings: list[Rating]
    drafts: dict[str, Draft]
    orders: list[Order]

    @property
    def copies(self) -> list[Follower]:
        """Were in copy of a mail and wait for somebody's word."""
        return [follower for follower in self.followers if follower.role == FollowerRole.COPY]

    @property
    def accepted(self) -> list[Follower]:
        """Everybody who is told, but for the requester."""
        return [follower for follower in self.followers if follower.role == FollowerRole.FOLLOWER]

    @property
    def address(self) -> ContactAddress | None:
        """Where an answer goes."""
        return next(iter(self.addresses), None)


def surroundings_of(user: User, ticket: Ticket, parts: Parts) -> Surroundings:
    check_can_read(user)
    merges = _MERGES(ticket.pk, ticket.pk) if parts.merges else []
    drafts = _DRAFTS(ticket.pk, user.pk) if parts.drafts else []
    followers = _FOLLOWERS(ticket.pk)
    prefetch_related_objects(drafts, "attachments")
    return Surroundings(
        addresses=_ADDRESSES(ticket.contact_id),
        followers=followers,
        readers=readers_of(ticket)
        if any(one.role == FollowerRole.FOLLOWER and one.contact for one in followers)
        else [],
        relations=_relations(ticket) if parts.links else [],
        merged_in=[merge for merge in merges if merge.target_id == ticket.pk],
        merged_out=next((merge for merge in merges if merge.source_id == ticket.pk), None),
        tags=_TAGS(ticket.pk) if parts.tags else [],
        ratings=_RATINGS(ticket.pk) if parts.ratings else [],
        drafts={draft.kind: draft for draft in drafts},
        orders=orders_of(ticket) if parts.orders else [],
    )


def draft_for(user: User, ticket: Ticket, kind: DraftKind) -> Draft | None:
    return ticket.drafts.filter(user=user, kind=kind).first()


def draft_files(user: User, ticket: Ticket, kind: DraftKind) -> list[Attachment]:
    return list(ticket.attachments.filter(draft__user=user, draft__kind=kind).order_by("id"))


def files_of(message: Message) -> list[Attachment]:
    return list(message.attachments.order_by("id"))


def picture_of(public_id: UUID) -> Attachment | None:
    """The file behind a signed address: whoever signed it had asked who was asking."""
    return Attachment.objects.filter(public_id=public_id).first()


def ticket_by_number(user: User, number: int) -> Ticket | None:
    """By the label that people say; for a form in which somebody types it."""
    check_can_read(user)
    return Ticket.objects.defer("search").select_related("contact", "customer").filter(number=number).first()


def queue_chosen(slug: str) -> Queue | None:
    return next((queue for queue in queues() if queue.slug == slug), None)


def service_chosen(public_id: str) -> Service | None:
    try:
        return Service.objects.filter(public_id=UUID(public_id)).select_related("customer").first()
    except ValueError:
        return None


def customer_chosen(text: str) -> Customer:
    """The one customer that the text names by name or code. Raises Refused("no-such-customer") or Refused("several-customers")."""
    named = customers_named(text.strip())
    exact = [one for one in named if text.strip().lower() in (one.name.lower(), one.code.lower())]
    chosen = exact or named
    if not chosen:
        raise Refused("no-such-customer", _("No customer is called “%(text)s”.") % {"text": text})
    if len(chosen) > 1:
        names = ", ".join(f"{one.name} ({one.code})" for one in chosen[:5])
        raise Refused("several-customers", _("Several customers are called so: %(names)s") % {"names": names})
    return chosen[0]


def link_of(user: User, ticket: Ticket, link_id: int) -> Link | None:
    check_can_read(user)
    return (
        Link.objects.filter(Q(source=ticket) | Q(target=ticket), pk=link_id).select_related("source", "target").first()
    )


def merge_of(user: User, ticket: Ticket, merge_id: int) -> Merge | None:
    check_can_read(user)
    return (
        Merge.objects.filter(Q(source=ticket) | Q(target=ticket), pk=merge_id)
        .select_related("source", "target")
        .first()
    )


def follower_of(user: User, ticket: Ticket, public_id: UUID) -> Follower | None:
    """The contact with this public id, as a follower of the ticket."""
    check_can_read(user)
    return ticket.followers.filter(contact__public_id=public_id).select_related("contact").first()


def _relations(ticket: Ticket) -> list[Relation]:
    return [
        Relation(link, link.target if link.source_id == ticket.pk else link.source, link.source_id == ticket.pk)
        for link in _LINKS(ticket.pk, ticket.pk)
    ]
