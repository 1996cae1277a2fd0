"""Three people at a browser: who may most, a customer, and nobody; and all forms that our pages show them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.test import Client

from tests.walls.hostile.forms import Form
from tests.walls.world import Person, World

CUSTOMER, ADMIN, ANYBODY = "customer A", "admin", "anonymous"
Catalogue = list[tuple[Person, Form]]


def people(world: World) -> dict[str, Person]:
    found = {person.name: person for person in world.people() if person.name in {CUSTOMER, ADMIN, ANYBODY}}
    for person in found.values():
        person.client.raise_request_exception = False
    return found


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """What is written in between is taken back, and so is what the browser was told to remember.

    A statement that sleeps is broken off, and so seen as an answer of 500.
    """
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '25s'")
        yield
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
