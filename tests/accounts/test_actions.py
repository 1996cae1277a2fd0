from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation

from sportello.accounts import actions
from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry, User
from sportello.core.errors import Refused
from tests.factories import NOW, make_team, make_user
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
WHERE = {"now": NOW, "address": "192.0.2.1"}


def admin() -> User:
    return make_user("Ada Amministra", role=Role.ADMIN)


def change(user: User, by: User, **changed: object) -> User:
    same = {
        "email": user.email,
        "name": user.name,
        "role": Role(user.role),
        "team": user.team,
        "language": user.language,
    }
    return actions.change_user(user=user, by=by, **{**same, **changed}, **WHERE)  # type: ignore[arg-type]


def test_a_change_is_audited_with_what_was_and_what_is() -> None:
    by, user = admin(), make_user("Marco Bianchi", email="marco@provider.example")
    change(user, by, role=Role.READ_ONLY, team=make_team("Linux"))
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.subject, entry.address, entry.at) == (
        Act.USER_CHANGED,
        by,
        user.email,
        "192.0.2.1",
        NOW,
    )
    with translation.override("en"):
        assert entry.changes == ["role: agent → read only", "team: – → Linux"]


def test_nothing_changed_leaves_no_entry() -> None:
    by = admin()
    change(make_user(), by)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.READ_ONLY])
def test_only_administrators_administer(role: Role) -> None:
    by, user, team = make_user(role=role), make_user(), make_team()
    attempts: list[Callable[[], object]] = [
        lambda: actions.create_user(email="x@provider.example", name="X", role=Role.ADMIN, by=by, now=NOW),
        lambda: change(user, by, role=Role.ADMIN),
        lambda: actions.deactivate(user=user, by=by, **WHERE),  # type: ignore[arg-type]
        lambda: actions.activate(user=user, by=by, **WHERE),  # type: ignore[arg-type]
        lambda: actions.reset_second_factors(user=user, by=by, **WHERE),  # type: ignore[arg-type]
        lambda: actions.end_sessions(user=user, by=by, **WHERE),  # type: ignore[arg-type]
        lambda: actions.create_team(name="X", by=by, now=NOW),
        lambda: actions.rename_team(team=team, name="X", by=by, **WHERE),  # type: ignore[arg-type]
        lambda: actions.remove_team(team=team, by=by, **WHERE),  # type: ignore[arg-type]
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "admin-only"
    assert not AuditEntry.objects.exists()


def test_the_last_administrator_stays_one() -> None:
    only = admin()
    for attempt in (
        lambda: change(only, only, role=Role.AGENT),
        lambda: actions.deactivate(user=only, by=only, **WHERE),  # type: ignore[arg-type]
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "last-admin"
    other = admin()
    assert change(only, other, role=Role.AGENT).role == Role.AGENT


def test_a_deactivated_administrator_does_not_count() -> None:
    only = admin()
    make_user(role=Role.ADMIN, is_active=False)
    with pytest.raises(Refused):
        change(only, only, role=Role.AGENT)


def test_one_account_an_address_in_any_case() -> None:
    by = admin()
    make_user(email="marco@provider.example")
    with pytest.raises(Refused) as refused:
        actions.create_user(email="Marco@Provider.example", name="M", role=Role.AGENT, by=by, now=NOW)
    assert refused.value.code == "address-taken"


@pytest.mark.parametrize("email", ["", "nobody", "a@b\r\nBcc: c@d.example", "a b@c.example", "@c.example"])
def test_an_account_has_a_real_address(email: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.create_user(email=email, name="X", role=Role.AGENT, by=None, now=NOW)
    assert refused.value.code == "address-not-valid"


def test_a_new_account_without_a_password_opens_with_none() -> None:
    actions.create_user(email="new@provider.example", name="Nuova", role=Role.AGENT, by=None, now=NOW)
    client = Client()
    client.post("/account/login/", {"login": "new@provider.example", "password": ""})
    assert client.get("/account/").status_code == 302


def test_deactivating_removes_the_sessions_themselves() -> None:
    by, user, client = admin(), make_user(email="a@provider.example"), Client()
    client.post("/account/login/", {"login": "a@provider.example", "password": PASSWORD})
    assert Session.objects.count() == 1
    actions.deactivate(user=user, by=by, **WHERE)  # type: ignore[arg-type]
    assert Session.objects.count() == 0
    assert AuditEntry.objects.filter(act=Act.USER_DEACTIVATED, subject="a@provider.example").count() == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_auditentry SET subject = 'x'", "DELETE FROM accounts_auditentry"]
)
def test_the_audit_can_only_grow(statement: str) -> None:
    actions.create_team(name="Linux", by=None, now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_text_from_outside_adds_no_line_to_the_audit() -> None:
    entry = actions.record(
        act=Act.SIGN_IN_FAILED, subject="a\r\nb\u2028c\x00" + "d" * 500, by=None, now=NOW, address=None
    )
    assert entry.subject == "abc" + "d" * 197


@pytest.mark.usefixtures("in_english")
def test_the_audit_says_yes_and_no_not_true_and_false() -> None:
    entry = AuditEntry(act=Act.CONTACT_CHANGED, detail={"sees_all": [False, True], "may_open": ["True", "False"]})
    assert [line.partition(": ")[2] for line in entry.changes] == ["no → yes", "yes → no"]
