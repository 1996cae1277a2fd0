"""What may be the same problem, and what was joined by itself: with the reasons in words [one.problem]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sportello.accounts.models import User
from sportello.duplicates.models import Joined, Proposal
from sportello.duplicates.proposals import joined_of, open_proposals, said_in
from sportello.services.models import Service
from sportello.services.queries import named_in
from sportello.tickets.enums import Author, JoinedFor
from sportello.tickets.models import Merge, Message, Ticket
from sportello.tickets.queries import Entry

ALIKE_FROM = 0.15
NEAR_UNTIL = 0.7  # log(1 + days): a day
SPEAKS_FOR: Mapping[str, Promise] = MappingProxyType(
    {
        "same_service": gettext_lazy("the same service"),
        "same_verdict": gettext_lazy("our own look found it failing in the same way"),
        "same_topic": gettext_lazy("the same kind of problem"),
        "same_code": gettext_lazy("the same error code"),
        "same_name": gettext_lazy("the same host, address or mailbox is named"),
        "same_sender": gettext_lazy("the same person wrote both"),
    }
)
SPEAKS_AGAINST: Mapping[str, Promise] = MappingProxyType(
    {
        "other_service": gettext_lazy("another service"),
        "other_verdict": gettext_lazy("our own look found something else"),
        "other_topic": gettext_lazy("another kind of problem"),
        "other_code": gettext_lazy("another error code"),
        "other_name": gettext_lazy("another host, address or mailbox is named"),
        "closed": gettext_lazy("that one is solved"),
    }
)


@dataclass(frozen=True, slots=True)
class Maybe:
    """A proposal as it is seen from one of its two tickets."""

    proposal: Proposal
    other: Ticket
    is_new: bool
    """Whether the ticket that is looked at is the new one of the two."""

    @property
    def percentage(self) -> int:
        return round(self.proposal.probability * 100)

    @property
    def reasons(self) -> str:
        unsaid = set() if self.is_proven else {"same_sender"}
        return ", ".join(
            spoken_for({name: figure for name, figure in self.proposal.features.items() if name not in unsaid})
        )

    @property
    def doubts(self) -> str:
        against = [str(words) for name, words in SPEAKS_AGAINST.items() if self.proposal.features.get(name)]
        return ", ".join(against if self.is_proven else [_("the sender of one of them is not verified"), *against])

    @property
    def is_proven(self) -> bool:
        """Whether both were written by whom their addresses name."""
        both = (self.proposal.ticket, self.proposal.target)
        return all(ticket.sender_verified for ticket in both if ticket is not None)


@dataclass(frozen=True, slots=True)
class ByItself:
    """A joining that nobody asked for."""

    merge: Merge
    why: str


@dataclass(frozen=True, slots=True)
class Side:
    ticket: Ticket
    said: Sequence[str]


def maybes(user: User, ticket: Ticket) -> list[Maybe]:
    """In one query."""
    found = open_proposals(user, ticket)
    return [
        Maybe(one, one.target if one.ticket_id == ticket.pk else one.ticket or one.target, one.ticket_id == ticket.pk)
        for one in found
    ]


def by_themselves(user: User, merges: Sequence[Merge]) -> list[ByItself]:
    """Those of these joinings that nobody asked for; in one query, and none where nothing was joined."""
    rows = joined_of(user, [merge.pk for merge in merges])
    return [ByItself(merge, _why(rows[merge.pk])) for merge in merges if merge.pk in rows]


def spoken_for(features: Mapping[str, float]) -> Iterator[str]:
    alike = features.get("text", 0.0)
    if alike >= ALIKE_FROM:
        yield _("words alike (%(percentage)d%%)") % {"percentage": round(alike * 100)}
    yield from (str(words) for name, words in SPEAKS_FOR.items() if features.get(name))
    if features.get("age", NEAR_UNTIL) < NEAR_UNTIL:
        yield _("close in time")


def sides(user: User, proposal: Proposal) -> list[Side]:
    """The two, to be read side by side."""
    both = [ticket for ticket in (proposal.ticket, proposal.target) if ticket is not None]
    said = said_in(user, both)
    return [Side(ticket, said[ticket.pk]) for ticket in both]


def asides(ticket: Ticket, entries: Sequence[Entry], services: Sequence[Service]) -> dict[int, Service]:
    """Later messages of the customer that name another service of theirs and not the ticket's, by message id."""
    if ticket.service is None:
        return {}
    theirs = [entry.message for entry in entries if entry.kind == "message" and _may_be_aside(entry.message)]
    found = ((message, named_in(services, message.shown_text)) for message in theirs[1:])
    return {message.pk: named[0] for message, named in found if named and ticket.service not in named}


def _may_be_aside(message: Message) -> bool:
    return message.author == Author.CUSTOMER and not message.is_automatic


def _why(joined: Joined) -> str:
    names = dict(JoinedFor.choices)
    return ", ".join(str(names.get(code, code)) for code in joined.why)
