"""Search over tickets, messages, customers and domains. Every hit shows where the words were found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import CombinedSearchQuery, SearchHeadline, SearchQuery
from django.db.models import BooleanField, F, Func, Q, QuerySet, Subquery, Value
from django.db.models.functions import Left

from sportello.accounts.models import User
from sportello.core.replica import may_lag
from sportello.customers.models import Contact, Customer
from sportello.services.models import Service
from sportello.tickets.models import Message, Note, Ticket
from sportello.tickets.permissions import check_can_read
from sportello.tickets.queries.public import readable_messages, visible_to

LONGEST_TEXT = 200
MOST_TERMS = 8
SHORTEST_PREFIX = 2
MOST_NAMED = 1000
LATEST = 5000
MESSAGES_A_TICKET = 3
READ_FOR_A_FRAGMENT = 50_000
FRAGMENT_WORDS = 26
BEGIN, END = "\x02", "\x03"
NUMBER = re.compile(r"\s*(?:ticket\b)?\s*#?\s*(\d{1,15})\s*", re.IGNORECASE)
LANGUAGES = {"it": "italian", "en": "english"}

Words = SearchQuery | CombinedSearchQuery
Texts = QuerySet[Ticket] | QuerySet[Message] | QuerySet[Note]


class Where(StrEnum):
    """Where the words were found, the surest first."""

    NUMBER = "number"
    SERVICE = "service"
    CUSTOMER = "customer"
    CONTACT = "contact"
    ADDRESS = "address"
    SUBJECT = "subject"
    MESSAGE = "message"
    NOTE = "note"


IN_TEXT = (Where.MESSAGE, Where.NOTE)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of plain text, never HTML; `is_match` pieces are to be highlighted."""

    text: str
    is_match: bool


Fragment = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket that was found, where, and the words around."""

    public_id: UUID
    number: int
    subject: str
    status: str
    customer_name: str | None
    contact_name: str
    updated_at: datetime
    where: Where
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class _Found:
    """A ticket, where the words stand in it, and the row or the name they stand in."""

    ticket: int
    where: Where
    row: int = 0
    name: str = ""


@may_lag
def search(user: User, text: str, limit: int = 30) -> list[Hit]:
    """What staff find: numbers (`10234`, `#10234`), mail addresses, domains, names, and words of tickets, messages and notes.

    All words must be found in one text, or among the subject and the names of one ticket; Italian and English endings
    do not matter, and the beginning of a word is enough. Newest first among equally sure ones. A fixed number of queries.
    """
    check_can_read(user)
    terms = terms_of(text)
    if not terms:
        return []
    words = words_of(terms)
    found = [
        *_numbered(Ticket.objects.all(), text),
        *_named(terms, limit),
        *_in_rows(Ticket.objects.all(), Where.SUBJECT, words, limit),
        *_in_rows(Message.objects.all(), Where.MESSAGE, words, limit),
        *_in_rows(Note.objects.all(), Where.NOTE, words, limit),
    ]
    return _hits(found, terms, words, limit)


@may_lag
def search_public(contact: Contact, text: str, limit: int = 30) -> list[Hit]:
    """What a contact finds: in the subjects and public messages of their own tickets, and nowhere else."""
    terms = terms_of(text)
    if not terms:
        return []
    words, own = words_of(terms), visible_to(contact).order_by()
    found = [
        *_numbered(own, text),
        *_in_rows(own, Where.SUBJECT, words, limit),
        *_in_rows(readable_messages(contact), Where.MESSAGE, words, limit),
    ]
    return _hits(found, terms, words, limit)


def terms_of(text: str) -> list[str]:
    """The words to look for: at most eight, without characters that are no part of one."""
    cleaned = text[:LONGEST_TEXT].replace("\x00", " ").encode("utf-8", "ignore").decode()
    stripped = (term.strip(".,;:!?\"'«»“”()[]{}<>#*") for term in cleaned.split())
    return [term for term in stripped if re.search(r"\w", term)][:MOST_TERMS]


def words_of(terms: Sequence[str]) -> Words:
    """All terms, each as the beginning of a word as it stands, or by its Italian or its English stem."""
    first, *others = map(_any_form, terms)
    for other in others:
        first = first & other
    return first


def highlighted(text: str, terms: Iterable[str]) -> Fragment:
    """The text cut into pieces, those that match a term marked; upper and lower case are the same."""
    pattern = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    pieces = re.split(f"({pattern})", text, flags=re.IGNORECASE) if pattern else [text]
    return tuple(Segment(piece, is_match=position % 2 == 1) for position, piece in enumerate(pieces) if piece)


def _any_form(term: str) -> Words:
    quoted = "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
    as_it_stands = f"{quoted}:*" if len(term) >= SHORTEST_PREFIX else quoted
    return (
        SearchQuery(as_it_stands, config="simple", search_type="raw")
        | SearchQuery(term, config="italian")
        | SearchQuery(term, config="english")
    )


# -- finding -----------------------------------------------------------------------------------------------------------
def number_in(text: str) -> int | None:
    """The ticket number that the whole text is: `10234`, `#10234`, `ticket 10234`."""
    found = NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def _numbered(tickets: QuerySet[Ticket], text: str) -> Iterator[_Found]:
    number = number_in(text)
    if number is not None:
        for ticket in tickets.filter(number=number).values_list("pk", flat=True):
            yield _Found(ticket, Where.NUMBER, name=f"#{number}")


def _named(terms: Sequence[str], limit: int) -> Iterator[_Found]:
    """The newest tickets where each term stands in the subject or in a name: of customer, contact, address, service or server."""
    rows = Ticket.objects.filter(*map(_called, terms)).order_by("-updated_at", "-id")
    related = rows.select_related("customer", "contact", "service__server").prefetch_related("contact__addresses")
    for ticket in related.defer("search")[:limit]:
        place = _place(ticket, terms)
        if place is not None:
            yield _Found(ticket.pk, place[0], name=place[1])


def _called(term: str) -> Q:
    """Arrays, not joins or plain subqueries: each part can then be answered from an index of its own."""
    contacts = Contact.objects.filter(Q(name__icontains=term) | Q(addresses__address__icontains=term))
    services = Service.objects.filter(Q(name__icontains=term) | Q(server__name__icontains=term))
    return (
        Q(search=_any_form(term))
        | Q(_is_any_of("customer", Customer.objects.filter(name__icontains=term)))
        | Q(_is_any_of("contact", contacts))
        | Q(_is_any_of("service", services))
    )


def _is_any_of(field: str, rows: QuerySet[Customer] | QuerySet[Contact] | QuerySet[Service]) -> Func:
    """`field = ANY(ARRAY(SELECT ...))`."""
    chosen = ArraySubquery(rows.order_by().values("pk")[:MOST_NAMED])
    return Func(F(field), chosen, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def _place(ticket: Ticket, terms: Sequence[str]) -> tuple[Where, str] | None:
    """The name of a ticket that holds most of the terms, the surest among equals; None when all stand in the subject alone."""
    service, server = ticket.service, ticket.service.server if ticket.service else None
    names = [
        (Where.SERVICE, service.name if service else ""),
        (Where.SERVICE, server.name if server else ""),
        (Where.CUSTOMER, ticket.customer.name if ticket.customer else ""),
        (Where.CONTACT, ticket.contact.name),
        *((Where.ADDRESS, each.address) for each in ticket.contact.addresses.all()),
    ]
    best = max(names, key=lambda named: _held(named[1], terms))
    return best if _held(best[1], terms) else None


def _held(name: str, terms: Sequence[str]) -> int:
    return sum(term.lower() in name.lower() for term in terms)


def _in_rows(rows: Texts, where: Where, words: Words, limit: int) -> Iterator[_Found]:
    """The newest rows that say so, in the order they were written: among the latest, else among all.

    Frequent words are found in the latest rows at once, and rare ones have few rows to sort: neither reads much.
    """
    ticket = "pk" if where == Where.SUBJECT else "ticket"
    saying, wanted = rows.filter(search=words).values_list(ticket, "pk"), limit * MESSAGES_A_TICKET
    newest = rows.model._default_manager.order_by("-pk").values("pk")[:1]  # noqa: SLF001 - Django's public API
    latest = saying.filter(pk__gt=Subquery(newest) - LATEST).order_by("-pk")
    found = list(latest[:wanted])
    if len(found) < wanted:
        found = list(saying.order_by(-(F("pk") + 0))[:wanted])  # an expression, so that the index of words is read
    yield from (_Found(pk, where, row=row) for pk, row in found)


# -- showing -----------------------------------------------------------------------------------------------------------
def _hits(found: Iterable[_Found], terms: Sequence[str], words: Words, limit: int) -> list[Hit]:
    surest: dict[int, _Found] = {}
    for one in found:
        surest.setdefault(one.ticket, one)
    tickets = Ticket.objects.filter(pk__in=surest).select_related("customer", "contact").defer("search")
    newest = sorted(tickets, key=lambda ticket: (surest[ticket.pk].where in IN_TEXT, -ticket.updated_at.timestamp()))
    first = sorted(newest, key=lambda ticket: surest[ticket.pk].where != Where.NUMBER)[:limit]
    fragments = _fragments([surest[ticket.pk] for ticket in first], terms, words)
    return [_hit(ticket, surest[ticket.pk].where, fragments[ticket.pk]) for ticket in first]


def _hit(ticket: Ticket, where: Where, fragment: Fragment) -> Hit:
    return Hit(
        public_id=ticket.public_id,
        number=ticket.number,
        subject=ticket.subject,
        status=ticket.status,
        customer_name=ticket.customer.name if ticket.customer else None,
        contact_name=ticket.contact.name,
        updated_at=ticket.updated_at,
        where=where,
        fragment=fragment,
    )


def _fragments(found: Sequence[_Found], terms: Sequence[str], words: Words) -> dict[int, Fragment]:
    """The words around each match, by ticket."""
    by_row = {
        Where.SUBJECT: _around(Ticket.objects.all(), "subject", "language", _rows(found, Where.SUBJECT), words),
        Where.MESSAGE: _around(Message.objects.all(), "text", "ticket__language", _rows(found, Where.MESSAGE), words),
        Where.NOTE: _around(Note.objects.all(), "text", "ticket__language", _rows(found, Where.NOTE), words),
    }
    return {
        one.ticket: by_row[one.where][one.row] if one.where in by_row else highlighted(one.name, terms) for one in found
    }


def _rows(found: Iterable[_Found], where: Where) -> list[int]:
    return [one.row for one in found if one.where == where]


def _around(
    rows: Texts,
    field: str,
    language: str,
    pks: Sequence[int],
    words: Words,
) -> dict[int, Fragment]:
    """The best piece of each text, by row: found by the stems of the ticket's language, else as the words stand."""
    unmarked = Func(Left(F(field), READ_FOR_A_FRAGMENT), Value(BEGIN + END), Value(""), function="translate")
    marked = {config: _headline(unmarked, words, config) for config in (*LANGUAGES.values(), "simple")}
    chosen = rows.filter(pk__in=pks).annotate(**marked).values_list("pk", language, *marked)
    found: dict[int, Fragment] = {}
    for pk, written_in, *texts in chosen:
        pieces = dict(zip(marked, texts, strict=True))
        own = pieces[LANGUAGES.get(written_in, "simple")]
        found[pk] = _segments(own if BEGIN in own else max(texts, key=_marks))
    return found


def _headline(text: Func, words: Words, config: str) -> SearchHeadline:
    return SearchHeadline(
        text,
        words,
        config=config,
        start_sel=BEGIN,
        stop_sel=END,
        max_fragments=1,
        max_words=FRAGMENT_WORDS,
        min_words=8,
        short_word=0,  # type: ignore[arg-type]  # the stubs take it for text
    )


def _marks(text: str) -> int:
    return text.count(BEGIN)


def _segments(marked: str) -> Fragment:
    """From text with BEGIN and END around each match to pieces."""
    pieces = re.split(f"{BEGIN}(.*?){END}", marked, flags=re.DOTALL)
    return tuple(Segment(piece, is_match=position % 2 == 1) for position, piece in enumerate(pieces) if piece)
