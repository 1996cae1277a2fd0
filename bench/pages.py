"""The pages that are measured, and who asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import psycopg

from bench.words import Writer


class Who(StrEnum):
    STAFF = "staff"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page: for each visitor the addresses it asks for in turn, so that a contact asks for what is theirs."""

    name: str
    who: Who
    paths: Sequence[Sequence[str]]

    def of(self, visitor: int) -> Sequence[str]:
        return self.paths[visitor % len(self.paths)]


COMMON = "posta+dominio", "errore+server", "grazie+cliente"
CODES = """
    SELECT substring(text from 'Pratica (\\w+)') FROM tickets_message message JOIN tickets_ticket ticket ON ticket.id = message.ticket_id
     WHERE message.id IN (SELECT 20 * (1 + n * (SELECT max(id) - 1 FROM tickets_ticket) / 50) FROM generate_series(0, 49) n)
       AND ticket.public_count = 5
"""
OF_FORTY_TICKETS = """
    SELECT customer.name, service.name FROM customers_customer customer JOIN services_service service ON service.customer_id = customer.id
     ORDER BY abs((SELECT count(*) FROM tickets_ticket ticket WHERE ticket.customer_id = customer.id) - 40), customer.id LIMIT 10
"""
"""Names and domains by which about as many tickets are found whatever the size: what a page then costs more is not that it shows more."""
LONG_TICKETS = "SELECT public_id FROM tickets_ticket WHERE public_count = 20 ORDER BY id DESC LIMIT 50"
TICKETS_OF = (
    "SELECT public_id FROM tickets_ticket WHERE contact_id = %s AND merged_into_id IS NULL ORDER BY id DESC LIMIT 25"
)
CONTACTS = """
    SELECT contact_id FROM tickets_ticket WHERE contact_id <= 2000
     GROUP BY contact_id ORDER BY abs(count(*) - 40), contact_id LIMIT %s
"""


def contacts(database_url: str, count: int) -> list[int]:
    """Contacts with about forty tickets each, so that their list fills a page whatever the size."""
    with psycopg.connect(database_url) as line:
        return [row[0] for row in line.execute(CONTACTS, [count]).fetchall()]


def pages(database_url: str, of_contacts: Sequence[int]) -> list[Page]:
    """Searches: a code that stands in one ticket, a word that stands in some, two that stand in very many, a customer's name, a domain."""
    writer = Writer()
    with psycopg.connect(database_url) as line:

        def column(query: str, *values: object) -> list[str]:
            return [str(row[0]) for row in line.execute(query.encode(), values or None).fetchall()]

        known = line.execute(OF_FORTY_TICKETS).fetchall()

        def staff(name: str, *paths: str) -> Page:
            return Page(name, Who.STAFF, [paths])

        def search(name: str, texts: Sequence[str]) -> Page:
            return staff(f"search, {name}", *(f"/desk/search?q={text}" for text in texts))

        return [
            staff("queue", "/desk/"),
            staff("ticket, 20 messages", *(f"/desk/tickets/{key}/" for key in column(LONG_TICKETS))),
            search("one match", column(CODES)),
            search("rare word", [writer.rare_word() for _ in range(50)]),
            search("common words", COMMON),
            search("customer's name", [name.replace(" ", "+") for name, _ in known]),
            search("domain", [domain for _, domain in known]),
            Page("public status", Who.CONTACT, [["/status/"]]),
            Page("customer's home", Who.CONTACT, [["/portal/"]]),
            Page("customer's list", Who.CONTACT, [["/portal/requests/"]]),
            Page("customer's new request", Who.CONTACT, [["/portal/new/"]]),
            Page(
                "customer's ticket",
                Who.CONTACT,
                [[f"/portal/tickets/{key}/" for key in column(TICKETS_OF, contact)] for contact in of_contacts],
            ),
        ]
