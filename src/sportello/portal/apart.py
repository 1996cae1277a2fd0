"""A password that somebody is about to send in a message: noticed, and handed over apart if they like. What they wrote is never lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext

from sportello.core.telltale import findings
from sportello.privacy.actions import drop_secret

if TYPE_CHECKING:
    from sportello.customers.models import Contact
    from sportello.tickets.models import Ticket

_MAYBE_ITS_END = "!?"
"""Ends many a password, and a sentence too: one mark too many is seen by whoever types the password, one that is missing is not."""
CHOICE, APART, KEEP = "found", "apart", "keep"


@dataclass(frozen=True, slots=True)
class Parted:
    """A message, and the secrets that go apart from it: what was taken out of it, and what was written into a field of its own."""

    text: str
    secrets: tuple[tuple[str, str], ...] = ()
    """What each is for, and the secret."""

    def hand_over(self, ticket: Ticket, contact: Contact, now: datetime) -> None:
        """Raises what `drop_secret` refuses."""
        for label, secret in self.secrets:
            drop_secret(ticket=ticket, contact=contact, secret=secret, label=label, now=now)


def has_to_choose(request: HttpRequest, text: str) -> bool:
    """Whether something in the text looks like a secret, and its writer has not said yet what to do with it."""
    return request.POST.get(CHOICE) not in {APART, KEEP} and bool(findings(text))


def parted(request: HttpRequest, text: str, *, secret: str = "", label: str = "") -> Parted:
    """As its writer chose: the text as it is, or without what looks like a secret. `secret` was written apart to begin with."""
    own = ((label, secret),) if secret.strip() else ()
    if request.POST.get(CHOICE) != APART:
        return Parted(text, own)
    taken, rest, end = list[str](), list[str](), 0
    for one in findings(text):
        rest += [text[end : one.start], gettext("[handed over apart]")]
        end = len(text) - len(text[one.end :].lstrip(_MAYBE_ITS_END))
        taken.append(text[one.start : end])
    taken_out = (("", "\n".join(dict.fromkeys(taken))),) if taken else ()
    return Parted("".join([*rest, text[end:]]), own + taken_out)
