"""Where staff find words: among subjects and names first, in messages and notes when those are not enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sportello.core.planning import planned_for_its_values
from sportello.core.replica import rows_of
from sportello.tickets.queries.search.model import Found, Where
from sportello.tickets.queries.search.words import (
    FORM,
    Asked,
    all_of,
    forms_wanted,
    number_in,
    part_of,
    pattern_of,
    terms_of,
)
from sportello.tickets.queries.spans import has_words, in_spans, size_of_span, spans

MOST_NAMED = 300
SAMPLE = 30
NAMED_FURTHER = 4 * MOST_NAMED
"""Names that are gone through one by one at the most, where more than a quarter of the latest SAMPLE have a term."""
NAMED_LATEST = 1000
LATEST = 300
FURTHER = 20_000
"""Rows that are gone through one by one at the most: what is frequent of late may be found nowhere before."""
WAY = 100
MESSAGES_A_TICKET = 2

# For each term its form, and the customers, contacts and services in whose names it stands: as keys, so that the planner knows how many there are.
# First those in one name of which all terms stand, which no other keys crowd out, where there are several terms. The index has groups of three
# letters (ADR 18); the patterns tell the names that hold the terms whole. OFFSET 0 has each cut up once. What the latest names have often, such as a
# word of every domain, is found soon going from row to row; all that the index gives would have to be put in order. What is asked for is hidden from
# the planner (ADR 20).
_HOLDS = "' ' || lower({0}) || ' ' LIKE ALL (patterns)"
_BEARS = f"sportello_trigrams(' ' || {{0}} || ' ') @> letters AND {_HOLDS}"
_SERVERS = f"SELECT id FROM services_server WHERE {_BEARS.format('name')}"  # noqa: S608 - our own table
_KEYS = f"""
    (SELECT CASE WHEN cardinality(newest) = {MOST_NAMED} THEN newest
                 ELSE ARRAY(SELECT {{key}} FROM {{found}} ORDER BY id + 0 DESC LIMIT {MOST_NAMED}) END
       FROM (SELECT CASE WHEN length({{latest}}) - length(replace({{latest}}, lower(part), '')) > {SAMPLE // 4} * length(part)
                         THEN ARRAY(SELECT {{key}} FROM (SELECT * FROM {{table}} ORDER BY id DESC LIMIT {NAMED_FURTHER}) latest
                                     WHERE {{holds}} LIMIT {MOST_NAMED}) END AS newest OFFSET 0) frequent)
"""  # noqa: S608 - names of our own tables
_ON_SERVERS = _KEYS.format(
    table="services_service",
    key="id",
    latest="services_server",
    holds=f"server_id = ANY (ARRAY({_SERVERS}))",
    found=f"(SELECT service.id FROM ({_SERVERS} OFFSET 0) server JOIN services_service service ON service.server_id = server.id) found",  # noqa: S608 - the same
)


def _named_in(table: str, name: str = "name", key: str = "id") -> str:
    found = f"{table} WHERE {_BEARS.format(name)}"
    return _KEYS.format(table=table, key=key, latest=table, holds=_HOLDS.format(name), found=found)


def _latest_names(table: str, name: str = "name") -> str:
    names = f"SELECT ' ' || lower({name}) || ' ' AS name FROM {table} ORDER BY id DESC LIMIT {SAMPLE}"  # noqa: S608 - our own table
    return f"(SELECT string_agg(name, '') FROM ({names}) latest) AS {table}"  # noqa: S608 - the same


_UNDERSTOOD = f"""
    SELECT {FORM}, {_named_in("customers_customer")},
           {_named_in("customers_contact")} || {_named_in("customers_contactaddress", "address", "contact_id")},
           {_named_in("services_service")} || {_ON_SERVERS}
      FROM (SELECT {_latest_names("customers_customer")}, {_latest_names("customers_contact")},
                   {_latest_names("customers_contactaddress", "address")}, {_latest_names("services_service")},
                   {_latest_names("services_server")} OFFSET 0) latest
     CROSS JOIN (
           SELECT 0 AS place, '' AS term, '' AS beginning, NULL AS part,
                  ARRAY(SELECT DISTINCT unnest(sportello_trigrams(part)) FROM unnest((SELECT %(parts)s::text[])) AS part) AS letters,
                  ARRAY(SELECT lower(pattern) FROM unnest((SELECT %(patterns)s::text[])) AS pattern) AS patterns
            WHERE (SELECT cardinality(%(terms)s::text[])) > 1
           UNION ALL
           SELECT place, term, beginning, part, sportello_trigrams(part), ARRAY[lower(pattern)]
             FROM unnest((SELECT %(terms)s::text[]), (SELECT %(beginnings)s::text[]), (SELECT %(parts)s::text[]), (SELECT %(patterns)s::text[]))
                  WITH ORDINALITY AS asked(term, beginning, part, pattern, place) OFFSET 0) asked
     ORDER BY place
"""  # noqa: S608 - names of our own tables
# Many names and frequent words are found among the latest tickets, one by one. When those are not enough, all are gathered that bear a name in
# which all terms stand; then those that bear a name of the scarcest term, the one that the fewest names hold; then those that have it in their
# subject, from the newest span on. No step is begun that is not needed. An expression in the order keeps tickets from being sought from the newest
# on through all that have none of it; their words have no index but that of spans, so that the planner has no choice but the scarcest term.
_NAMED = f"""
    WITH latest AS MATERIALIZED (
        SELECT id, updated_at FROM (SELECT * FROM tickets_ticket ORDER BY updated_at DESC, id DESC LIMIT {NAMED_LATEST}) newest
         WHERE {{latest}} LIMIT %(limit)s::bigint),
    whole AS MATERIALIZED (
        SELECT id, updated_at FROM tickets_ticket WHERE {{whole}} AND (SELECT count(*) FROM latest) < %(limit)s::bigint
         ORDER BY updated_at + interval '0' DESC, id DESC LIMIT %(limit)s::bigint),
    by_name AS MATERIALIZED (
        SELECT id, updated_at FROM tickets_ticket
         WHERE {{by_name}} AND greatest((SELECT count(*) FROM latest), (SELECT count(*) FROM whole)) < %(limit)s::bigint
         ORDER BY updated_at + interval '0' DESC, id DESC LIMIT %(limit)s::bigint),
    by_word AS MATERIALIZED (
        SELECT id, updated_at FROM {spans("tickets_ticket")} CROSS JOIN LATERAL (
               SELECT id, updated_at FROM tickets_ticket WHERE {{by_word}} ORDER BY id + 0 DESC LIMIT %(limit)s::bigint) of_span
         LIMIT (SELECT CASE WHEN greatest((SELECT count(*) FROM latest), (SELECT count(*) FROM whole), (SELECT count(*) FROM by_name))
                                 < %(limit)s::bigint THEN %(limit)s::bigint ELSE 0 END))
    SELECT id FROM (SELECT * FROM latest UNION SELECT * FROM whole UNION SELECT * FROM by_name UNION SELECT * FROM by_word) found
     ORDER BY updated_at DESC, id DESC LIMIT %(limit)s::bigint
"""  # noqa: S608 - a number of our own, and conditions of _called
_BEARERS = ("customer_id", "contact_id", "service_id")

# A source is gone through in steps that stay small at any size: its latest rows one by one; as many more as it takes when the latest show the words
# to be frequent; by the index of words when they are not, or when those were not enough, from the newest span on. A frequent word is found soon going
# from row to row, a rare one has few rows to give by the index; the two ways cost the same where the share is the root of WAY / rows, of those
# that the index gives at once. A step of no rows is not begun. An expression in the order keeps the index of keys from being gone through.
_SOURCE = """
    {name}_latest AS MATERIALIZED (
        SELECT id, ticket FROM (SELECT id, {ticket} AS ticket, search FROM {table} ORDER BY id DESC LIMIT {latest}) latest
         WHERE {others} AND search @@ (SELECT %(words)s::tsquery) LIMIT {rows}),
    {name}_further AS MATERIALIZED (
        SELECT id, ticket FROM (SELECT id, {ticket} AS ticket, search FROM {table} ORDER BY id DESC OFFSET {latest} LIMIT {further}) further
         WHERE {others} AND search @@ (SELECT %(words)s::tsquery)
         LIMIT (SELECT CASE WHEN power(count(*) / {latest}.0, 2)
                                 * least({span}, (SELECT reltuples FROM pg_class WHERE oid = '{table}'::regclass)) > {way}
                            THEN {rows} - count(*) ELSE 0 END FROM {name}_latest)),
    {name} AS MATERIALIZED (
        SELECT * FROM {name}_latest UNION ALL SELECT * FROM {name}_further UNION ALL
        (SELECT id, ticket FROM {spans} CROSS JOIN LATERAL (
                SELECT id, {ticket} AS ticket FROM {table}
                 WHERE {has_words} AND search @@ (SELECT %(words)s::tsquery) AND {others_here} ORDER BY id + 0 DESC LIMIT {rows}) of_span
          LIMIT (SELECT CASE WHEN (SELECT count(*) FROM {name}_latest) + (SELECT count(*) FROM {name}_further) < {rows} THEN {rows} ELSE 0 END)))
"""


def statement(*, latest: int, further: int) -> str:
    """Places that hold the words: number, names that were found already, subjects, and of messages and notes what those lack."""

    def source(name: str, table: str, *, ticket: str, others: str, rows: str) -> str:
        return _SOURCE.format(
            name=name,
            table=table,
            ticket=ticket,
            others=others.format("ticket"),
            others_here=others.format(ticket),
            rows=rows,
            latest=latest,
            further=further,
            way=WAY,
            span=size_of_span(table),
            spans=spans(table),
            has_words=has_words(table, "%(in_spans)s"),
        )

    def text(name: str, table: str) -> str:
        others = "{} <> ALL (ARRAY(SELECT ticket FROM sure))"
        return source(name, table, ticket="ticket_id", others=others, rows="(SELECT rows FROM lacking)")

    return f"""
        WITH {source("subject", "tickets_ticket", ticket="id", others="true", rows="(SELECT %(rows)s::bigint)")},
             sure AS MATERIALIZED (SELECT ticket FROM subject UNION SELECT unnest((SELECT %(named)s::bigint[]))),
             lacking AS MATERIALIZED (SELECT greatest({MESSAGES_A_TICKET} * ((SELECT %(limit)s::bigint) - count(*)), 0) AS rows FROM sure),
             {text("message", "tickets_message")},
             {text("note", "tickets_note")}
        SELECT id, 'number', 0 FROM tickets_ticket WHERE number = %(number)s::bigint
        UNION ALL SELECT unnest((SELECT %(named)s::bigint[])), NULL, 0
        UNION ALL SELECT ticket, 'subject', id FROM subject
        UNION ALL SELECT ticket, 'message', id FROM message
        UNION ALL SELECT ticket, 'note', id FROM note
    """  # noqa: S608 - names of our own tables


_FOUND = statement(latest=LATEST, further=FURTHER)


def found_by_staff(text: str, limit: int) -> tuple[Asked, list[Found]]:
    """What is looked for, and where it is found, the surest first. In three queries, or none when nothing is asked."""
    terms = terms_of(text)
    if not terms:
        return Asked([], "", None), []
    parts = [part_of(term) for term in terms]
    wanted = {**forms_wanted(terms), "parts": parts, "patterns": [pattern_of(part) for part in parts]}
    understood = rows_of(_UNDERSTOOD, wanted)
    whole, each = understood[0], understood[-len(terms) :]
    asked = Asked(terms, all_of(form for form, *_ in each), number_in(text))
    parameters = {
        "words": asked.words,
        "in_spans": in_spans(asked.words),
        "number": asked.number,
        "named": _named(whole, each, limit),
        "limit": limit,
        "rows": limit * MESSAGES_A_TICKET,
    }
    rows = rows_of(_FOUND, parameters)
    return asked, [Found(ticket, Where(place) if place else None, row) for ticket, place, row in rows]


@planned_for_its_values
def _named(whole: Sequence[Any], each: Sequence[Sequence[Any]], limit: int) -> list[int]:
    """The newest tickets where one name holds all terms, or where each stands in the subject or in a name: of customer, contact, address,
    service or server.
    """
    if not any(any(bearers) for _, *bearers in each):
        return []
    values: dict[str, object] = {"limit": limit}
    whole_name, *names = (
        _called(f"term{place}", bearers, values) for place, (_, *bearers) in enumerate([whole, *each])
    )
    words = [f"search @@ %(word{place})s::tsquery" if form else "" for place, (form, *_) in enumerate(each)]
    values |= {f"word{place}": form for place, (form, *_) in enumerate(each)}
    ways = [_either(pair) for pair in zip(names, words, strict=True)]
    if not whole_name and not all(ways):
        return []
    scarcest = min(range(len(each)), key=lambda place: sum(map(len, each[place][1:])))
    others = ways[:scarcest] + ways[scarcest + 1 :]
    values["in_spans"] = in_spans(each[scarcest][0])
    said = {
        "latest": _either([whole_name, _every(ways)]),
        "whole": whole_name,
        "by_name": _every([names[scarcest], *others]) if others else "",
        "by_word": _every([words[scarcest], has_words("tickets_ticket", "%(in_spans)s"), *others]) if others else "",
    }
    rows = rows_of(_NAMED.format(**{step: condition or "false" for step, condition in said.items()}), values)
    return [key for (key,) in rows]


def _called(name: str, bearers: Sequence[list[int]], values: dict[str, object]) -> str:
    """A ticket has to do with a name in which the term stands: a condition, whose values are added."""
    borne = {f"{name}_{column}": (column, keys) for column, keys in zip(_BEARERS, bearers, strict=True) if keys}
    values |= {key: keys for key, (_, keys) in borne.items()}
    return _either([f"{column} = ANY(%({key})s::bigint[])" for key, (column, _) in borne.items()])


def _either(conditions: Iterable[str]) -> str:
    """One of those that are not empty; empty when all are."""
    some = " OR ".join(filter(None, conditions))
    return f"({some})" if some else ""


def _every(conditions: Iterable[str]) -> str:
    """Empty when one is, since nothing can fulfil that."""
    each = list(conditions)
    return f"({' AND '.join(each)})" if all(each) else ""
