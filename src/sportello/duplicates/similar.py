"""For staff: solved tickets of anybody that were about the same thing, and what solved them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from sportello.accounts.models import User
from sportello.core.planning import planned_for_its_values
from sportello.core.replica import may_lag, rows_of
from sportello.duplicates.rules import Among, Known, Report, rank, shipped_model
from sportello.tickets.models import Ticket
from sportello.tickets.permissions import check_can_read
from sportello.tickets.queries.spans import has_words, in_spans, spans

READ = 1500
"""Characters of each text that are compared or shown."""
MOST_WORDS = 10
FEW = 5_000
"""Messages with a word, at most, for it to be looked up."""
LEAST_ALIKE = 0.12
"""What has less in common says nothing."""

# Words of the ticket that few messages have, as the statistics of the index of words tell: frequent ones find too much. Those of the subject
# come first, and the rarer before the more frequent. Their index has 255 letters of each.
_WORDS = """
    WITH frequent AS (
         SELECT element, frequency * (SELECT reltuples FROM pg_class WHERE oid = 'tickets_message'::regclass) AS messages FROM pg_stats
          CROSS JOIN LATERAL unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(element, frequency)
          WHERE schemaname = current_schema() AND tablename = 'tickets_message' AND attname = 'search' AND element IS NOT NULL)
    SELECT left(lexeme, 255) FROM (SELECT lexeme, min(place) AS place FROM (
           SELECT lexeme, 0 AS place FROM unnest(to_tsvector(%(stems)s::regconfig, %(subject)s::text)) UNION ALL
           SELECT lexeme, 1 FROM unnest(to_tsvector(%(stems)s::regconfig, %(text)s::text))) every GROUP BY lexeme) said
      LEFT JOIN frequent ON element = lexeme
     WHERE coalesce(messages, 0) < %(few)s AND length(lexeme) > 2
     ORDER BY place, messages, length(lexeme) DESC LIMIT %(most)s
"""
# The newest of each span are put in order by an expression: else words that hardly any ticket has are looked for from its newest on through all.
_FOUND = f"""
    SELECT ticket.id, ticket.public_id, ticket.number, ticket.subject, ticket.solved_at, customer.name, ticket.service_id, service.name, service.kind,
           asked.text, answer.text, answer.author_name
      FROM ((SELECT id FROM {spans("tickets_ticket")} CROSS JOIN LATERAL (
                    SELECT id FROM tickets_ticket WHERE {has_words("tickets_ticket", "%(any)s")} AND status IN ('solved', 'closed')
                     ORDER BY id + 0 DESC LIMIT 150) of_span LIMIT 150)
             UNION
            (SELECT ticket_id FROM {spans("tickets_message")} CROSS JOIN LATERAL (
                    SELECT ticket_id FROM tickets_message WHERE {has_words("tickets_message", "%(two)s")}
                     ORDER BY id + 0 DESC LIMIT 150) of_span LIMIT 150)) found
     CROSS JOIN LATERAL (SELECT * FROM tickets_ticket WHERE id = found.id LIMIT 1) ticket
     CROSS JOIN LATERAL (
           SELECT left(CASE WHEN fresh_text = '' THEN text ELSE fresh_text END, %(read)s) AS text, author_name FROM tickets_message
            WHERE ticket_id = ticket.id AND author = 'staff' AND NOT is_automatic AND created_at <= ticket.solved_at
            ORDER BY created_at DESC, id DESC LIMIT 1) answer
      LEFT JOIN LATERAL (
           SELECT left(CASE WHEN fresh_text = '' THEN text ELSE fresh_text END, %(read)s) AS text FROM tickets_message
            WHERE ticket_id = ticket.id AND author = 'customer' ORDER BY created_at, id LIMIT 1) asked ON true
      LEFT JOIN customers_customer customer ON customer.id = ticket.customer_id
      LEFT JOIN services_service service ON service.id = ticket.service_id
     WHERE ticket.id <> %(ticket)s AND ticket.status IN ('solved', 'closed') AND ticket.solved_at <= %(now)s
       AND ticket.merged_into_id IS NULL AND ticket.is_request
     ORDER BY ticket.solved_at DESC LIMIT 40
"""  # noqa: S608 - our own tables
_FIRST = """
    SELECT left(CASE WHEN fresh_text = '' THEN text ELSE fresh_text END, %(read)s) FROM tickets_message
     WHERE ticket_id = %(ticket)s AND author = 'customer' ORDER BY created_at, id LIMIT 1
"""
_STEMS = {"it": "italian", "en": "english"}


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved ticket. `answer` is the last thing that staff told the customer before it was solved."""

    public_id: UUID
    number: int
    subject: str
    solved_at: datetime
    customer_name: str | None
    service_name: str | None
    answer: str
    answered_by: str
    features: Mapping[str, float]


class _Row(NamedTuple):
    pk: int
    public_id: UUID
    number: int
    subject: str
    solved_at: datetime
    customer_name: str | None
    service: int | None
    service_name: str | None
    kind: str | None
    asked: str | None
    answer: str
    answered_by: str


@may_lag
def similar_solved(ticket: Ticket, by: User, now: datetime, limit: int = 5) -> list[Solved]:
    """The likeliest first, in three queries. Internal notes are neither read nor shown."""
    check_can_read(by)
    asked = rows_of(_FIRST, {"ticket": ticket.pk, "read": READ})
    said = asked[0][0] if asked else ""
    text = f"{ticket.subject}\n{said}"
    rows = {row.pk: row for row in _found(ticket, said, now)}
    service = ticket.service
    report = Report(text, now, service=ticket.service_id, kind=service.kind if service else "")
    ranked = rank(report, [_known(row) for row in rows.values()], shipped_model(Among.ALL))
    likely = [one for one in ranked if one.features["text"] >= LEAST_ALIKE]
    return [_solved(rows[one.known.key], one.features) for one in likely[:limit]]


@planned_for_its_values
def _found(ticket: Ticket, text: str, now: datetime) -> list[_Row]:
    stems = _STEMS.get(ticket.language, "simple")
    asked = {"stems": stems, "subject": ticket.subject, "text": text, "few": FEW, "most": MOST_WORDS}
    words = [_quoted(word) for (word,) in rows_of(_WORDS, asked)]
    if not words:
        return []
    two = " | ".join(f"({one} & {other})" for one, other in combinations(words, 2)) or words[0]
    wanted = {"ticket": ticket.pk, "any": in_spans(" | ".join(words)), "two": in_spans(two), "now": now, "read": READ}
    return [_Row(*row) for row in rows_of(_FOUND, wanted)]


def _quoted(word: str) -> str:
    """As a query of PostgreSQL's takes it whole."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _known(row: _Row) -> Known:
    text = "\n".join(filter(None, [row.subject, row.asked]))
    return Known(row.pk, text, row.solved_at, is_open=False, service=row.service, kind=row.kind or "")


def _solved(row: _Row, features: Mapping[str, float]) -> Solved:
    return Solved(
        public_id=row.public_id,
        number=row.number,
        subject=row.subject,
        solved_at=row.solved_at,
        customer_name=row.customer_name,
        service_name=row.service_name,
        answer=row.answer,
        answered_by=row.answered_by,
        features=features,
    )
