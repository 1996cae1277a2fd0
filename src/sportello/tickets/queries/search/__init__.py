"""Search over tickets, messages, customers and domains. Every hit shows where the words were found."""

from __future__ import annotations

from sportello.accounts.models import User
from sportello.core.replica import may_lag
from sportello.customers.models import Contact
from sportello.tickets.permissions import check_can_read
from sportello.tickets.queries.search.finding import found_by_staff
from sportello.tickets.queries.search.model import Fragment, Hit, Segment, Where
from sportello.tickets.queries.search.public import found_by_contact
from sportello.tickets.queries.search.showing import highlighted, hits
from sportello.tickets.queries.search.words import LONGEST_TEXT, number_in, terms_of, understood

__all__ = [
    "LONGEST_TEXT",
    "Fragment",
    "Hit",
    "Segment",
    "Where",
    "highlighted",
    "number_in",
    "search",
    "search_public",
    "terms_of",
]


@may_lag
def search(user: User, text: str, limit: int = 30) -> list[Hit]:
    """What staff find: numbers (`10234`, `#10234`), mail addresses, domains, names, and words of tickets, messages and notes.

    All words must be found in one text, or among the subject and the names of one ticket; Italian and English endings
    do not matter, and the beginning of a word is enough. Newest first among equally sure ones. At most four queries, whatever is asked for.
    """
    check_can_read(user)
    asked, found = found_by_staff(text, limit)
    return hits(found, asked, limit)


@may_lag
def search_public(contact: Contact, text: str, limit: int = 30) -> list[Hit]:
    """What a contact finds: in the subjects and public messages of their own tickets, and nowhere else."""
    asked = understood(text)
    return hits(found_by_contact(contact, asked, limit), asked, limit) if asked.terms else []
