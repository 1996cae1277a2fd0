"""The ticket page: the conversation, the composers, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.accounts.permissions import can_write
from sportello.accounts.queries import Writer, writers
from sportello.customers.enums import Notice
from sportello.desk.held import Held, held_for
from sportello.desk.looking import verdict_colour, verdict_words
from sportello.desk.queries import Surroundings, surroundings_of
from sportello.desk.same import ByItself, Maybe, asides, by_themselves, maybes
from sportello.incidents.queries.beside import Beside, incident_beside
from sportello.mail.enums import Purpose
from sportello.services.models import Service
from sportello.services.queries import Offered, services_offered
from sportello.tickets import queries as tickets
from sportello.tickets.enums import Author, DraftKind, OrderKind, Status
from sportello.tickets.models import Attachment, Draft, Ticket
from sportello.tickets.queries import Entry, Present, Shown
from sportello.tickets.reasons import OVERRULE_WORDS, Sentence, place_words, sentences
from sportello.tickets.rules import Act, is_allowed, storable
from sportello.triage.queries import hours_of, queue_names
from sportello.triage.rules import PRESALES, SUPPORT
from sportello.triage.rules.calendars import add_working
from sportello.ui.times import for_field

GLANCE = 4
"""So many things that matter to the customer are shown beside a ticket."""


@dataclass(frozen=True, slots=True)
class Composer:
    """One of the two: an answer to the customer, or a note among staff.

    `seen_version` is what the writer had read when they began; `needs_confirming` once the desk refused to send because of something newer.
    """

    kind: DraftKind
    text: str
    seen_version: int
    version: int
    files: Sequence[Attachment] = ()
    error: str = ""
    needs_confirming: bool = False
    began_from: datetime | None = None
    """When the draft that it shows was saved."""

    @property
    def is_crossed(self) -> bool:
        """Something came in while this was being written."""
        return self.version > self.seen_version

    @property
    def is_reply(self) -> bool:
        return self.kind == DraftKind.REPLY

    @property
    def is_plain(self) -> bool:
        """As nobody has written in it yet."""
        return not (self.text or self.files or self.error or self.needs_confirming)


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads an answer. Without an `address` the contact has only the customer area."""

    contact: str
    address: str
    has_bounced: bool
    is_muted: bool
    """They want no answers by mail."""
    is_shut_out: bool
    """They may not read it any more, and get no mail."""
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueChoice:
    key: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done to the ticket, as plain values: its HTML is kept for whoever is shown the same."""

    ticket: UUID
    subject: str
    allowed: frozenset[str]
    is_mine: bool
    is_finished: bool
    is_outage: bool
    is_request: bool
    follows: bool
    assignee_id: int | None
    me: UUID
    staff: tuple[Writer, ...]
    queue_id: int
    queues: tuple[QueueChoice, ...]
    update_suggested_at: str
    orders: tuple[tuple[str, str], ...]
    """What the customer can be asked to confirm: kind and words; none on a ticket of no customer."""
    moves_to: str
    """The queue that it is moved to with one click; empty for none."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent that was refused: it stands in the composer again."""

    kind: DraftKind
    text: str
    seen_version: int
    error: str
    needs_confirming: bool = False


@dataclass(frozen=True, slots=True)
class TicketPage:
    ticket: Ticket
    entries: list[Entry]
    around: Surroundings
    held: list[Held]
    others: list[Ticket]
    maybes: list[Maybe]
    by_themselves: list[ByItself]
    offered: Offered | None
    """Services of the customer, for whoever may write."""
    asides: dict[int, Service]
    present: list[Present]
    reply: Composer
    note: Composer
    open_kind: DraftKind
    focus: str
    user: User
    now: datetime
    incident: Beside | None = None
    concerns: Sequence[Shown] = ()

    @property
    def may_write(self) -> bool:
        return can_write(self.user) and self.ticket.merged_into_id is None

    @property
    def writes(self) -> bool:
        """Whether they may write at all: also what was joined elsewhere can be taken apart."""
        return can_write(self.user)

    @property
    def newcomer(self) -> str:
        """Who wrote last besides the reader: what they wrote is the reason to look again before sending."""
        written = (entry.message for entry in reversed(self.entries) if entry.kind == "message")
        latest = next((one for one in written if one.user_id != self.user.pk and not one.is_automatic), None)
        if latest is None or not latest.author_name:
            return _("A new message has arrived")
        answered = latest.author == Author.STAFF
        return (_("%(name)s has answered") if answered else _("%(name)s has written")) % {"name": latest.author_name}

    @property
    def is_mine(self) -> bool:
        return self.ticket.assignee_id == self.user.pk

    @property
    def is_finished(self) -> bool:
        return self.ticket.status in (Status.SOLVED, Status.CLOSED)

    def acts(self) -> Acts:
        ticket, language = self.ticket, get_language()
        return Acts(
            ticket=ticket.public_id,
            subject=ticket.subject,
            allowed=frozenset(str(act) for act in Act if is_allowed(act, ticket.status)),
            is_mine=self.is_mine,
            is_finished=self.is_finished,
            is_outage=ticket.is_outage,
            is_request=ticket.is_request,
            follows=self.follows,
            assignee_id=ticket.assignee_id,
            me=self.user.public_id,
            staff=tuple(writers()),
            queue_id=ticket.queue_id,
            queues=tuple(QueueChoice(one.key, one.slug, one.in_language(language)) for one in queue_names()),
            update_suggested_at=for_field(self.update_suggested_at),
            orders=tuple((each.value, str(each.label)) for each in OrderKind) if ticket.customer_id else (),
            moves_to=_other_queue(ticket),
        )

    @property
    def readers(self) -> Readers:
        address, others = self.around.address, self.around.accepted
        return Readers(
            contact=str(self.ticket.contact),
            address=address.address if address else "",
            is_muted=Notice.ANSWER in self.ticket.contact.muted,
            has_bounced=bool(address and address.bounced_at),
            is_shut_out=tickets.is_shut_out(self.ticket),
            others=tuple(str(follower.contact) for follower in others if follower.contact in self.around.readers),
        )

    @property
    def reasons(self) -> list[Sentence]:
        return sentences(self.ticket.reasons)

    @property
    def what_matters(self) -> list[Shown]:
        """What is shown in one glance: nothing that a person let go."""
        return [each for each in self.concerns if not each.is_dismissed][:GLANCE]

    @property
    def place(self) -> str:
        """What all that is known does to its place in the queue, in a sentence; empty for nothing."""
        return place_words(self.ticket)

    @property
    def overrules(self) -> list[tuple[str, str]]:
        return [(word.value, str(words)) for word, words in OVERRULE_WORDS.items()]

    @property
    def verdict_words(self) -> str:
        return verdict_words(self.ticket.verdict)

    @property
    def verdict_colour(self) -> str:
        return verdict_colour(self.ticket.verdict)

    @property
    def update_suggested_at(self) -> datetime:
        """For the form that starts an analysis: after the time that the queue promises, while it is open, to the full five minutes."""
        queue = self.ticket.queue
        at = add_working(self.now, timedelta(minutes=queue.policy.update), hours_of(queue.calendar))
        return at.replace(second=0, microsecond=0) - timedelta(minutes=at.minute % 5)

    @property
    def follows(self) -> bool:
        return any(follower.user_id == self.user.pk for follower in self.around.followers)


def ticket_page(user: User, ticket: Ticket, *, now: datetime, typed: Typed | None = None, kind: str = "") -> TicketPage:
    """Everything the page shows, in a fixed number of queries."""
    parts = tickets.parts_of(user, ticket, now=now)
    around = surroundings_of(user, ticket, parts)
    entries = tickets.timeline(user, ticket, parts)
    others = tickets.other_tickets(user, ticket)
    offered = _offered(ticket, entries, others) if can_write(user) else None
    merges = [*around.merged_in, *([around.merged_out] if around.merged_out else [])]
    composers = {each: _composer(ticket, each, around.drafts.get(each), typed) for each in DraftKind}
    return TicketPage(
        ticket=ticket,
        entries=entries,
        around=around,
        held=held_for(user, ticket, around.merged_in) if parts.held else [],
        others=others,
        maybes=maybes(user, ticket),
        by_themselves=by_themselves(user, merges),
        offered=offered,
        asides=asides(ticket, entries, offered.services if offered else []),
        present=_others_present(user, ticket, now) if parts.presences else [],
        reply=composers[DraftKind.REPLY],
        note=composers[DraftKind.NOTE],
        open_kind=_open_kind(typed, kind, composers),
        focus=typed.kind if typed else kind,
        user=user,
        now=now,
        incident=incident_beside(user, ticket),
        concerns=tickets.concerns_of(user, ticket.customer_id) if parts.concerns and ticket.customer_id else (),
    )


def _offered(ticket: Ticket, entries: Sequence[Entry], others: Sequence[Ticket]) -> Offered | None:
    """None for a ticket of no customer."""
    if ticket.customer is None:
        return None
    written = (entry.message for entry in reversed(entries) if entry.kind == "message")
    said = (message.shown_text for message in written if message.author == Author.CUSTOMER)
    lately = [other.service_id for other in others if other.service_id is not None]
    return services_offered(ticket.customer, texts=chain([ticket.subject], said), lately=lately, current=ticket.service)


def _others_present(user: User, ticket: Ticket, now: datetime) -> list[Present]:
    return [someone for someone in tickets.present(ticket, now) if someone.user.pk != user.pk]


def _other_queue(ticket: Ticket) -> str:
    """A fault at pre-sales belongs to support; what a stranger asks of support, or what was moved there, may be a question before buying."""
    if ticket.queue.slug == PRESALES:
        return SUPPORT
    came_to_presales = ticket.mailbox is not None and ticket.mailbox.purpose == Purpose.PRESALES
    is_open_to_all = came_to_presales or ticket.customer_id is None
    return PRESALES if ticket.queue.slug == SUPPORT and is_open_to_all else ""


def presence_words(present: Sequence[Present]) -> list[tuple[str, bool]]:
    """Who else is here, and whether they are writing."""
    return [
        (
            (_("%(name)s is writing") if someone.writing else _("%(name)s is reading")) % {"name": someone.user.name},
            someone.writing,
        )
        for someone in present
    ]


def _composer(ticket: Ticket, kind: DraftKind, draft: Draft | None, typed: Typed | None) -> Composer:
    files = list(draft.attachments.all()) if draft else []
    if typed and typed.kind == kind:
        # The page that tells of what came in shows it too: it counts as seen, and only something newer stops the answer again.
        seen = ticket.version if typed.needs_confirming else typed.seen_version
        shown_at = draft.updated_at if draft and draft.text == storable(typed.text) else None
        return Composer(kind, typed.text, seen, ticket.version, files, typed.error, typed.needs_confirming, shown_at)
    if draft and (draft.text.strip() or files):
        return Composer(kind, draft.text, draft.base_version, ticket.version, files, began_from=draft.updated_at)
    return Composer(kind, "", ticket.version, ticket.version)


def _open_kind(typed: Typed | None, wanted: str, composers: dict[DraftKind, Composer]) -> DraftKind:
    """The composer on top: what was refused, what the address asks for, what was begun, else the answer."""
    if typed:
        return typed.kind
    if wanted in set(DraftKind):
        return DraftKind(wanted)
    begun = [kind for kind, composer in composers.items() if composer.text.strip()]
    return begun[0] if len(begun) == 1 else DraftKind.REPLY


def ticket_context(page: TicketPage) -> dict[str, Any]:
    return {
        "page": page,
        "ticket": page.ticket,
        "now": page.now,
        "may_write": page.may_write,
        "here_too": presence_words(page.present),
    }
