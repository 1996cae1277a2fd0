"""Every address and method, tried by everybody. Generated from the URL table; what should happen is the rule that stands on each view."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from sportello.accounts.enums import Who
from tests.walls.urls import Address, every_address
from tests.walls.world import STRANGE, Person, World

ADDRESSES = every_address()
METHODS = ("GET", "POST")
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
OF_CUSTOMERS = [address for address in ADDRESSES if address.namespaces == ("portal",) and address.parameters]

# What may be written while somebody is being refused: the session of whoever asked, and how often they tried.
KEPT_OF_ANYBODY = ("django_session", "cache", "accounts_attempts")
WRITES = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables WHERE relname <> ALL(%s)
"""
DOORS = ("/account/login/", "/portal/sign-in/")
CHANGES_EACH_TIME = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|data-now="\d+"')


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_every_address_says_who_may_open_it(address: Address) -> None:
    assert address.rule is not None, f"{address.route} has no rule: put @allowed(...) of accounts.access on its view"
    assert address.rule.methods, f"{address.route} lets nobody in"


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_everybody_gets_what_the_rule_says(address: Address, world: World) -> None:
    path = address.path(world.values(address))
    for person in world.people():
        for method in (*METHODS, *(OTHER_METHODS if person.name == "admin" else ())):
            _check(address, path, method, person, known=world.knows(address))


@pytest.mark.parametrize("address", OF_CUSTOMERS, ids=str)
def test_what_is_not_yours_looks_like_what_is_not_there(address: Address, world: World) -> None:
    if address.rule is None or Who.CONTACT not in address.rule.methods.values():
        return
    theirs = address.path(world.values(address))
    nothing = address.path({each.name: STRANGE[each.converter] for each in address.parameters})
    stranger = world.customer(world.contact_b)
    for method in address.rule.methods:
        refused, missing = _ask(stranger, method, theirs), _ask(stranger, method, nothing)
        assert refused.status_code == missing.status_code == 404
        assert _without_ids(refused, theirs) == _without_ids(missing, nothing)


@pytest.mark.parametrize("address", [each for each in ADDRESSES if each.rule and "POST" in each.rule.methods], ids=str)
def test_a_form_from_elsewhere_changes_nothing(address: Address, world: World) -> None:
    """S31: without the token of our own page, and with a foreign Origin, every write is refused."""
    if getattr(address.view, "csrf_exempt", False):
        assert address.name == "csp-report"
        return
    path = address.path(world.values(address))
    for person in (each for each in world.people() if address.rule and address.rule.who("POST") in each.may):
        client = Client(enforce_csrf_checks=True)
        client.cookies = person.client.cookies
        for headers in ({}, {"origin": "https://evil.example"}):
            with _nothing_written(f"{person.name} POST {path}"):
                answer = client.post(path, {"csrfmiddlewaretoken": "x" * 32}, headers=headers)
            assert answer.status_code == 403, f"{person.name} POST {path} {headers}: {answer.status_code}"


def _check(address: Address, path: str, method: str, person: Person, *, known: bool) -> None:
    rule = address.rule
    assert rule is not None
    who, what = rule.who(method), f"{person.name} {method} {path}"
    if who in person.may:
        with _undone():
            answer = _ask(person.client, method, path)
        _let_in(
            answer,
            what,
            who,
            must_be_there=known and bool(address.parameters) and person.name == "admin" and method == "GET",
        )
        return
    with _undone(), _nothing_written(what):
        answer = _ask(person.client, method, path)
    assert _is_refusal(answer, has_method=who is not None), f"{what}: {answer.status_code} {answer.get('Location', '')}"


def _let_in(answer: HttpResponse, what: str, who: Who, *, must_be_there: bool) -> None:
    status, to = answer.status_code, answer.get("Location", "")
    assert status < 500, f"{what}: {status}"
    assert status not in {401, 403, 405}, f"{what}: {status} for somebody who may"
    assert who is Who.ANYONE or not to.startswith(DOORS), f"{what}: sent to {to}"
    assert not must_be_there or status != 404, f"{what}: 404 for something that is there"


def _is_refusal(answer: HttpResponse, *, has_method: bool) -> bool:
    if not has_method:
        return answer.status_code == 405
    at_the_door = answer.status_code == 302 and answer["Location"].startswith(DOORS)
    return at_the_door or answer.status_code in {401, 403}


def _ask(client: Client, method: str, path: str) -> HttpResponse:
    """One request that leaves the browser's cookies as they were."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    client.raise_request_exception = True
    answer: Any = client.generic(method, path, content_type="application/x-www-form-urlencoded")
    if answer.streaming:
        b"".join(answer.streaming_content)  # which also closes it
    client.cookies.clear()
    client.cookies.load(cookies)
    given: HttpResponse = answer
    return given


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _nothing_written(what: str) -> Iterator[None]:
    before = _writes()
    yield
    assert _writes() == before, f"{what}: refused, and yet something was written"


def _writes() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WRITES, [list(KEPT_OF_ANYBODY)])
        (count,) = cursor.fetchone()
    return int(count)


def _without_ids(answer: HttpResponse, path: str) -> bytes:
    return CHANGES_EACH_TIME.sub(b"", answer.content).replace(path.encode(), b"")
