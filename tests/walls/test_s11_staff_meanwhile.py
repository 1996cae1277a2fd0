"""A member of staff who loses their right while their own request is under way: what they wrote comes too late (S11, S30)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse

from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.tickets.enums import Status
from tests.conftest import Tried
from tests.factories import make_ticket, make_user
from tests.factories.people import PASSWORD
from tests.walls.hostile.forms import Site
from tests.walls.test_s48_called_off import contents
from tests.walls.visitors import ADMIN, people
from tests.walls.world import World

_FIRST = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\b")
_BESIDE = re.compile(r"\b(?:django_session|cache|accounts_attempts)\b")
_OWN = {"accounts_user", "accounts_auditentry"}
"""That they were deactivated, and refused."""
DEACTIVATED = "UPDATE accounts_user SET is_active = false WHERE id = %s"
MAY_ONLY_READ = "UPDATE accounts_user SET role = 'read_only' WHERE id = %s"
NO_ADMINISTRATOR = "UPDATE accounts_user SET role = 'agent' WHERE id = %s"


@dataclass
class Meanwhile:
    """Somebody else, on a line of their own: takes the right away where the request locks or writes its first row."""

    user: User
    taking: str
    done: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.done and _FIRST.search(sql) and not _BESIDE.search(sql):
            self.done.append(sql)
            self.take()
        return execute(sql, params, many, context)

    def take(self) -> None:
        given = connection.get_connection_params()
        line = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
        with psycopg.connect(**line, autocommit=True, options="-c lock_timeout=1s") as other:
            other.execute(self.taking, [self.user.pk])


@contextmanager
def meanwhile(user: User, taking: str) -> Iterator[Meanwhile]:
    other = Meanwhile(user, taking)
    with connection.execute_wrapper(other):
        yield other


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.slow(90)
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_s11_no_form_of_the_desk_writes_for_whoever_was_deactivated_meanwhile(tried: Tried) -> None:
    """A fault found: the right was looked for as the request began; what was written while it waited for a lock went in all the same."""
    world = World()
    assert world.everybody, "signed in here"
    admin = people(world)[ADMIN]
    forms = {
        (resolve(urlsplit(form.action).path).view_name, form.key[2]): form
        for form in Site.of(world).forms(admin.client)
        if form.method == "POST" and form.action.startswith(("/desk/", "/account/"))
    }
    before, wrong, refused = contents(), list[str](), 0
    for (name, _), form in forms.items():
        with meanwhile(world.admin, DEACTIVATED) as other:
            answer = admin.client.post(form.action, dict(form.fields))
        after = contents()
        changed = [table for table in after if after[table] != before[table] and table not in _OWN]
        refused += answer.status_code == 403
        if changed:
            wrong.append(f"{name}: {answer.status_code} {changed} {other.done}")
        tried("S11")
        User.objects.filter(pk=world.admin.pk).update(is_active=True)
        before = contents()
    assert not wrong, "\n".join(wrong)
    assert refused > 40


@pytest.mark.parametrize(
    ("role", "taking", "door"),
    [
        (Role.AGENT, DEACTIVATED, "desk:close"),
        (Role.AGENT, MAY_ONLY_READ, "desk:close"),
        (Role.ADMIN, NO_ADMINISTRATOR, "desk:teams"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_s11_what_a_member_of_staff_may_no_more_is_refused_though_they_might_when_they_asked(
    role: Role, taking: str, door: str, tried: Tried
) -> None:
    user, ticket = make_user(role=role), make_ticket()
    browser, before = browser_of(user), contents()
    place = reverse(door, args=[ticket.public_id] if door == "desk:close" else [])
    with meanwhile(user, taking) as other:
        answer = browser.post(place, {"name": "Notturni"})
    tried("S11")
    assert (answer.status_code, bool(other.done)) == (403, True)
    assert {table for table, rows in contents().items() if rows != before[table]} == _OWN


@pytest.mark.django_db(transaction=True)
def test_s11_a_right_that_is_still_enough_writes(tried: Tried) -> None:
    """An administrator who becomes an agent meanwhile still closes a ticket."""
    user, ticket = make_user(role=Role.ADMIN), make_ticket()
    with meanwhile(user, NO_ADMINISTRATOR):
        assert browser_of(user).post(reverse("desk:close", args=[ticket.public_id])).status_code == 302
    tried("S11")
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED


@pytest.mark.parametrize("door", ["desk:person", "desk:person-deactivate"])
@pytest.mark.django_db(transaction=True)
def test_s11_who_lays_down_their_own_right_is_not_taken_for_somebody_who_lost_it(door: str) -> None:
    user = make_user(role=Role.ADMIN)
    make_user(role=Role.ADMIN)
    form = {"name": user.name, "email": user.email, "role": Role.READ_ONLY, "team": "", "language": "it"}
    assert browser_of(user).post(reverse(door, args=[user.public_id]), form).status_code == 302
    user.refresh_from_db()
    assert (user.role, user.is_active) == ((Role.READ_ONLY, True) if door == "desk:person" else (Role.ADMIN, False))


@pytest.mark.parametrize("taking", [DEACTIVATED, MAY_ONLY_READ])
@pytest.mark.django_db(transaction=True)
def test_s11_who_changes_their_password_does_not_get_back_what_was_taken_meanwhile(taking: str, tried: Tried) -> None:
    """A fault found: the whole row was written, with the role and the activity of the moment when the request began."""
    user = make_user(role=Role.ADMIN)
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    typed = {
        "oldpassword": PASSWORD,
        "password1": "un cavallo davvero giusto",
        "password2": "un cavallo davvero giusto",
    }
    with meanwhile(user, taking) as other:
        browser.post(reverse("account_change_password"), typed)
    tried("S11")
    user.refresh_from_db()
    assert other.done
    assert (user.is_active, user.role) == ((False, Role.ADMIN) if taking == DEACTIVATED else (True, Role.READ_ONLY))
