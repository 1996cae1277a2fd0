"""What was found as it is shown: the tickets in their order, each with the words around the match. Read in one query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sportello.core.replica import rows_of
from sportello.tickets.queries.search.model import Found, Fragment, Hit, Segment, Where
from sportello.tickets.queries.search.words import Asked

READ_FOR_A_FRAGMENT = 20_000
BEGIN, END = "\x02", "\x03"
_OPTIONS = f'MaxFragments=1, MaxWords=26, MinWords=8, ShortWord=0, StartSel="{BEGIN}", StopSel="{END}"'
_MARKED = re.compile(f"{BEGIN}(.*?){END}", re.DOTALL)

# The words around a match are looked for by the stems of the ticket's language, and only where that finds nothing by others, then as they stand.
# LIMIT 1 has each ticket read by its key; OFFSET 0 keeps each text from being gone through once for every place that names it.
_HITS = """
    SELECT chosen.public_id, chosen.number, chosen.subject, chosen.status, customer.name, contact.name, chosen.updated_at, chosen.place,
           service.name, server.name,
           CASE WHEN chosen.place = '' THEN ARRAY(SELECT address FROM customers_contactaddress WHERE contact_id = chosen.contact_id ORDER BY id) END,
           CASE WHEN strpos(piece.own, %(begin)s::text) > 0 THEN ARRAY[piece.own]
                ELSE ARRAY[piece.own, ts_headline('italian', source.text, %(words)s::tsquery, %(options)s::text),
                           ts_headline('english', source.text, %(words)s::tsquery, %(options)s::text),
                           ts_headline('simple', source.text, %(words)s::tsquery, %(options)s::text)] END
      FROM (SELECT found.place, found.row, ticket.public_id, ticket.number, ticket.subject, ticket.status, ticket.updated_at, ticket.language,
                   ticket.customer_id, ticket.contact_id, ticket.service_id
              FROM unnest((SELECT %(tickets)s::bigint[]), (SELECT %(places)s::text[]), (SELECT %(rows)s::bigint[])) AS found(ticket, place, row)
             CROSS JOIN LATERAL (SELECT * FROM tickets_ticket WHERE id = found.ticket LIMIT 1) ticket
             ORDER BY found.place = 'number' DESC, found.place IN ('message', 'note'), ticket.updated_at DESC
             LIMIT (SELECT %(limit)s::bigint)) chosen
      JOIN customers_contact contact ON contact.id = chosen.contact_id
      LEFT JOIN customers_customer customer ON customer.id = chosen.customer_id
      LEFT JOIN services_service service ON service.id = chosen.service_id
      LEFT JOIN services_server server ON server.id = service.server_id
     CROSS JOIN LATERAL (
           SELECT translate(left(CASE chosen.place WHEN 'message' THEN (SELECT text FROM tickets_message WHERE id = chosen.row)
                                                   WHEN 'note' THEN (SELECT text FROM tickets_note WHERE id = chosen.row)
                                                   ELSE chosen.subject END, %(read)s::integer),
                            %(begin)s::text || %(end)s::text, '') AS text OFFSET 0) source
     CROSS JOIN LATERAL (
           SELECT ts_headline(CASE chosen.language WHEN 'it' THEN 'italian' WHEN 'en' THEN 'english' ELSE 'simple' END::regconfig,
                              source.text, %(words)s::tsquery, %(options)s::text) AS own OFFSET 0) piece
     ORDER BY chosen.place = 'number' DESC, chosen.place IN ('message', 'note'), chosen.updated_at DESC
"""


class _Row(NamedTuple):
    public_id: Any
    number: int
    subject: str
    status: str
    customer: str | None
    contact: str
    updated_at: Any
    place: str
    service: str | None
    server: str | None
    addresses: list[str] | None
    pieces: list[str]


def hits(found: Iterable[Found], asked: Asked, limit: int) -> list[Hit]:
    """Each ticket once, where it was found first; numbers, then subjects and names, then texts, the newest of each first."""
    surest: dict[int, Found] = {}
    for one in found:
        surest.setdefault(one.ticket, one)
    if not surest:
        return []
    parameters = {
        "tickets": list(surest),
        "places": [one.where or "" for one in surest.values()],
        "rows": [one.row for one in surest.values()],
        "words": asked.words,
        "limit": limit,
        "read": READ_FOR_A_FRAGMENT,
        "begin": BEGIN,
        "end": END,
        "options": _OPTIONS,
    }
    return [_hit(_Row(*row), asked.terms) for row in rows_of(_HITS, parameters)]


def highlighted(text: str, terms: Iterable[str]) -> Fragment:
    """The text cut into pieces, those that match a term marked; upper and lower case are the same."""
    pattern = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    return _segments(re.split(f"({pattern})", text, flags=re.IGNORECASE) if pattern else [text])


def _hit(row: _Row, terms: Sequence[str]) -> Hit:
    where, fragment = _shown(row, terms)
    return Hit(
        public_id=row.public_id,
        number=row.number,
        subject=row.subject,
        status=row.status,
        customer_name=row.customer,
        contact_name=row.contact,
        updated_at=row.updated_at,
        where=where,
        fragment=fragment,
    )


def _shown(row: _Row, terms: Sequence[str]) -> tuple[Where, Fragment]:
    if row.place == Where.NUMBER:
        number = f"#{row.number}"
        return Where.NUMBER, highlighted(number, [*terms, str(row.number)])
    if row.place:
        return Where(row.place), _best(row.pieces)
    where, name = max(_names(row), key=lambda named: _held(named[1], terms))
    return (where, highlighted(name, terms)) if _held(name, terms) else (Where.SUBJECT, _best(row.pieces))


def _names(row: _Row) -> list[tuple[Where, str]]:
    """The surest first."""
    return [
        (Where.SERVICE, row.service or ""),
        (Where.SERVICE, row.server or ""),
        (Where.CUSTOMER, row.customer or ""),
        (Where.CONTACT, row.contact),
        *((Where.ADDRESS, address) for address in row.addresses or ()),
    ]


def _held(name: str, terms: Sequence[str]) -> int:
    return sum(term.lower() in name.lower() for term in terms)


def _best(pieces: Sequence[str]) -> Fragment:
    """The piece with the most marks, cut into segments."""
    return _segments(_MARKED.split(max(pieces, key=lambda piece: piece.count(BEGIN))))


def _segments(pieces: Iterable[str]) -> Fragment:
    return tuple(Segment(piece, is_match=position % 2 == 1) for position, piece in enumerate(pieces) if piece)
