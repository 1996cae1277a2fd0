"""Search over tickets, messages, customers and domains. Every hit shows where the words were found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchConfig, SearchHeadline
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Case, F, Func, OrderBy, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Left

from sportello.accounts.models import User
from sportello.core.replica import may_lag
from sportello.customers.models import Contact
from sportello.tickets.models import Message, Note, Ticket
from sportello.tickets.permissions import check_can_read
from sportello.tickets.queries.public import readable_messages, visible_to

LONGEST_TEXT = 200
MOST_TERMS = 8
SHORTEST_PREFIX = 2
MOST_NAMED = 1000
LATEST = 1000
"""Rows that are looked through one by one, newest first, before it is known how frequent a word is."""
WAY = 100
MESSAGES_A_TICKET = 2
READ_FOR_A_FRAGMENT = 50_000
FRAGMENT_WORDS = 26
BEGIN, END = "\x02", "\x03"
NUMBER = re.compile(r"\s*(?:ticket\b)?\s*#?\s*(\d{1,15})\s*", re.IGNORECASE)
LANGUAGES = {"it": "italian", "en": "english"}

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
    do not matter, and the beginning of a word is enough. Newest first among equally sure ones. At most as many queries as there are words and places.
    """
    check_can_read(user)
    terms = terms_of(text)
    if not terms:
        return []
    forms = _forms_of(terms)
    words = _all_of(forms)
    found = [
        *_numbered(Ticket.objects.all(), text),
        *_named(terms, forms, limit),
        *_newest_rows(Ticket.objects.all(), Where.SUBJECT, words, limit),
    ]
    if len({one.ticket for one in found}) < limit:  # what stands in a text comes after all of these
        found += _newest_rows(Message.objects.all(), Where.MESSAGE, words, limit)
        found += _newest_rows(Note.objects.all(), Where.NOTE, words, limit)
    return _hits(found, terms, words, limit)


@may_lag
def search_public(contact: Contact, text: str, limit: int = 30) -> list[Hit]:
    """What a contact finds: in the subjects and public messages of their own tickets, and nowhere else."""
    terms = terms_of(text)
    if not terms:
        return []
    words, own = _all_of(_forms_of(terms)), visible_to(contact).order_by()
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


def highlighted(text: str, terms: Iterable[str]) -> Fragment:
    """The text cut into pieces, those that match a term marked; upper and lower case are the same."""
    pattern = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    pieces = re.split(f"({pattern})", text, flags=re.IGNORECASE) if pattern else [text]
    return tuple(Segment(piece, is_match=position % 2 == 1) for position, piece in enumerate(pieces) if piece)


# -- words --------------------------------------------------------------------------------------------------------------
_FORMS = "(to_tsquery('simple', %s) || plainto_tsquery('italian', %s) || plainto_tsquery('english', %s))::text"


def _forms_of(terms: Sequence[str]) -> list[str]:
    """Each term as PostgreSQL's own text of a query: the beginning of a word as it stands, or its Italian or its English stem.

    Made once, so that the statements behind carry it as a constant.
    """
    values = [value for term in terms for value in (_beginning(term), term, term)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([_FORMS] * len(terms))}", values)
        return list(cursor.fetchone())


def _beginning(term: str) -> str:
    quoted = "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
    return f"{quoted}:*" if len(term) >= SHORTEST_PREFIX else quoted


def _all_of(forms: Iterable[str]) -> str:
    """A query for all of them; empty when nothing in them is a word."""
    return " & ".join(f"({form})" for form in forms if form)


def _says(words: str) -> Func:
    return Func(F("search"), _query(words), template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())


def _query(words: str) -> Func:
    return Func(Value(words), template="%(expressions)s::tsquery", output_field=TextField())


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


def _named(terms: Sequence[str], forms: Sequence[str], limit: int) -> Iterator[_Found]:
    """The newest tickets where each term stands in the subject or in a name: of customer, contact, address, service or server."""
    bearers = [_bearers(term) for term in terms]
    if not any(any(each) for each in bearers):
        return
    rows = Ticket.objects.filter(*map(_called, forms, bearers)).order_by("-updated_at", "-id")
    related = rows.select_related("customer", "contact", "service__server").prefetch_related("contact__addresses")
    for ticket in related.defer("search")[:limit]:
        place = _place(ticket, terms)
        if place is not None:
            yield _Found(ticket.pk, place[0], name=place[1])


_BEARERS = """
    SELECT ARRAY(SELECT id FROM customers_customer WHERE name ILIKE %(like)s ORDER BY id DESC LIMIT %(most)s),
           ARRAY(SELECT id FROM customers_contact WHERE name ILIKE %(like)s ORDER BY id DESC LIMIT %(most)s)
           || ARRAY(SELECT contact_id FROM customers_contactaddress WHERE address LIKE lower(%(like)s) ORDER BY id DESC LIMIT %(most)s),
           ARRAY(SELECT id FROM services_service WHERE name ILIKE %(like)s ORDER BY id DESC LIMIT %(most)s)
           || ARRAY(SELECT service.id FROM services_service service JOIN services_server server ON server.id = service.server_id
                     WHERE server.name ILIKE %(like)s ORDER BY service.id DESC LIMIT %(most)s)
"""


def _bearers(term: str) -> tuple[list[int], list[int], list[int]]:
    """The customers, contacts and services in whose names the term stands; as keys, so that the planner knows how many there are."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with connection.cursor() as cursor:
        cursor.execute(_BEARERS, {"like": f"%{escaped}%", "most": MOST_NAMED})
        customers, contacts, services = cursor.fetchone()
    return customers, contacts, services


def _called(form: str, bearers: tuple[list[int], list[int], list[int]]) -> Q:
    chosen = Q(_says(form)) if form else Q()
    for field, keys in zip(("customer", "contact", "service"), bearers, strict=True):
        if keys:
            chosen |= Q(_is_one_of(field, keys))
    return chosen or Q(pk=None)


def _is_one_of(field: str, keys: list[int]) -> Func:
    array = Value(keys, output_field=ArrayField(BigIntegerField()))
    return Func(F(field), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


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


def _newest_rows(rows: Texts, where: Where, words: str, limit: int) -> Iterator[_Found]:
    """The newest rows that say so, in the order they were written: among the latest, then further back.

    How many of the latest say so tells which way back is the shorter: a frequent word is found soon going from row to row, a rare one has
    few rows to give by the index of words. The two ways cost the same where the share is the root of WAY / rows.
    """
    keys, wanted = rows.model._default_manager.order_by("-pk").values_list("pk", flat=True), limit * MESSAGES_A_TICKET  # noqa: SLF001 - Django's public API
    edge = keys[LATEST : LATEST + 1].first()
    if edge is None:
        yield from _in_rows(rows, where, words, limit)
        return
    found = _rows_saying(rows.filter(pk__gt=edge).order_by("-pk"), where, words, wanted)
    if len(found) < wanted:
        is_frequent = (len(found) / LATEST) ** 2 * edge > WAY
        found = _rows_saying(rows.order_by("-pk" if is_frequent else _by_index()), where, words, wanted)
    yield from found


def _in_rows(rows: Texts, where: Where, words: str, limit: int) -> Iterator[_Found]:
    """The newest of all rows that say so: for tables that are small, and for those few rows that somebody may read."""
    yield from _rows_saying(rows.order_by(_by_index()), where, words, limit * MESSAGES_A_TICKET)


def _rows_saying(rows: Texts, where: Where, words: str, wanted: int) -> list[_Found]:
    if not words:
        return []
    ticket = "pk" if where == Where.SUBJECT else "ticket"
    return [_Found(pk, where, row=row) for pk, row in rows.filter(_says(words)).values_list(ticket, "pk")[:wanted]]


def _by_index() -> OrderBy:
    """Newest first by an expression, so that the index of words is read and not the rows one by one."""
    return (F("pk") + 0).desc()


# -- showing -----------------------------------------------------------------------------------------------------------
def _hits(found: Iterable[_Found], terms: Sequence[str], words: str, limit: int) -> list[Hit]:
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


def _fragments(found: Sequence[_Found], terms: Sequence[str], words: str) -> dict[int, Fragment]:
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
    words: str,
) -> dict[int, Fragment]:
    """The best piece of each text, by row: found by the stems of the ticket's language, else by others, else as the words stand."""
    if not pks:
        return {}
    own = Case(
        *(When(**{language: code}, then=SearchConfig(config)) for code, config in LANGUAGES.items()),
        default=SearchConfig("simple"),
        output_field=TextField(),
    )
    pieces = _pieces(rows.filter(pk__in=pks), field, words, [own])
    unmarked = [pk for pk, texts in pieces.items() if BEGIN not in texts[0]]
    if unmarked:
        others = [SearchConfig(config) for config in (*LANGUAGES.values(), "simple")]
        pieces |= _pieces(rows.filter(pk__in=unmarked), field, words, others)
    return {pk: _segments(max(texts, key=_marks)) for pk, texts in pieces.items()}


def _pieces(rows: Texts, field: str, words: str, configs: Sequence[SearchConfig | Case]) -> dict[int, tuple[str, ...]]:
    unmarked = Func(Left(F(field), READ_FOR_A_FRAGMENT), Value(BEGIN + END), Value(""), function="translate")
    marked = {f"piece_{place}": _headline(unmarked, words, config) for place, config in enumerate(configs)}
    return {pk: tuple(texts) for pk, *texts in rows.order_by().annotate(**marked).values_list("pk", *marked)}


def _headline(text: Func, words: str, config: SearchConfig | Case) -> SearchHeadline:
    return SearchHeadline(
        text,
        _query(words),
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
