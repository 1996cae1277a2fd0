"""What administrators do to staff on the desk's pages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sportello.accounts.enums import Act, Role
from sportello.accounts.middleware import BEGUN
from sportello.accounts.models import AuditEntry, Team, User
from sportello.core import clock, paging
from sportello.mail.models import OutboundMail
from tests.factories import make_mailbox, make_team, make_user
from tests.factories.people import PASSWORD
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db
PEOPLE = "/desk/people/"


@pytest.fixture
def admin() -> User:
    return make_user("Ada Amministra", role=Role.ADMIN, email="ada@provider.example", language="en")


@pytest.fixture
def desk(admin: User) -> Client:
    client = Client(REMOTE_ADDR="192.0.2.9")
    client.post("/account/login/", {"login": admin.email, "password": PASSWORD})
    return client


def form(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Nuova Collega",
        "email": "nuova@provider.example",
        "role": "agent",
        "team": "",
        "language": "it",
        **changed,
    }


def test_an_invitation_lets_the_new_colleague_in(desk: Client, admin: User) -> None:
    make_mailbox()
    assert desk.post(f"{PEOPLE}new/", form())["Location"] == PEOPLE
    user = User.objects.get(email="nuova@provider.example")
    assert (user.name, user.role, user.is_active, user.has_usable_password()) == (
        "Nuova Collega",
        Role.AGENT,
        True,
        False,
    )
    mail = OutboundMail.objects.get(to="nuova@provider.example")
    assert "Ada Amministra" in mail.text
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mail.text)
    assert link
    colleague = Client()
    form_page = colleague.get(link[1])["Location"]
    colleague.post(form_page, {"password1": "a long one of her own", "password2": "a long one of her own"})
    signed_in = colleague.post("/account/login/", {"login": user.email, "password": "a long one of her own"})
    assert signed_in["Location"] == "/desk/"
    entry = AuditEntry.objects.get(act=Act.USER_CREATED)
    assert (entry.actor, entry.subject, entry.address, entry.detail) == (
        admin,
        user.email,
        "192.0.2.9",
        {"role": "agent"},
    )


def test_without_a_mailbox_nobody_is_invited_and_nothing_is_left_behind(desk: Client) -> None:
    refused = desk.post(f"{PEOPLE}new/", form())
    assert refused.status_code == 422
    assert "no mailbox" in refused.content.decode()
    assert not User.objects.filter(email="nuova@provider.example").exists()
    assert not AuditEntry.objects.filter(act=Act.USER_CREATED).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "x"},
        {"email": ""},
        {"name": ""},
        {"role": "root"},
        {"team": "99"},
        {"language": "xx"},
        {"name": "x" * 121},
    ],
)
def test_what_is_wrong_is_said_on_the_form(desk: Client, wrong: dict[str, str]) -> None:
    make_mailbox()
    answer = desk.post(f"{PEOPLE}new/", form(**wrong))
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert User.objects.count() == 1


def test_fields_that_are_not_on_the_form_change_nothing(desk: Client) -> None:
    user = make_user(email="marco@provider.example")
    before = user.password
    more = {
        "is_active": "",
        "password": "x",
        "public_id": str(uuid4()),
        "id": "99",
        "created_at": "2000-01-01",
        "last_login": "",
    }
    desk.post(f"{PEOPLE}{user.public_id}/", form(email=user.email, name="Marco", **more))
    changed = User.objects.get(pk=user.pk)
    assert (changed.name, changed.is_active, changed.password, changed.public_id) == (
        "Marco",
        True,
        before,
        user.public_id,
    )


def test_a_new_role_counts_from_the_next_request(desk: Client) -> None:
    user, client = make_user(email="marco@provider.example", role=Role.ADMIN), Client()
    client.force_login(user)
    assert client.get(PEOPLE).status_code == 200
    desk.post(f"{PEOPLE}{user.public_id}/", form(email=user.email, name=user.name, role="agent"))
    assert client.get(PEOPLE).status_code == 403


def test_deactivating_shuts_out_at_once_and_activating_lets_in_again(desk: Client) -> None:
    user, client = make_user(email="marco@provider.example"), Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    desk.post(f"{PEOPLE}{user.public_id}/deactivate/")
    assert client.get("/account/").status_code == 302
    desk.post(f"{PEOPLE}{user.public_id}/activate/")
    assert client.get("/account/").status_code == 302, "the old session stays ended"
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200


def test_the_last_administrator_is_told_why_not(desk: Client, admin: User) -> None:
    answer = desk.post(f"{PEOPLE}{admin.public_id}/deactivate/", follow=True)
    assert "This is the last administrator" in answer.content.decode()
    assert User.objects.get(pk=admin.pk).is_active


def test_who_lost_the_telephone_gets_in_by_the_password_alone_again(desk: Client) -> None:
    user = make_user(email="marco@provider.example")
    TOTP.activate(user, generate_totp_secret())
    desk.post(f"{PEOPLE}{user.public_id}/reset-second-factor/")
    assert not Authenticator.objects.filter(user=user).exists()
    answer = Client().post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/desk/"


def test_a_new_way_in_is_sent_on_request(desk: Client) -> None:
    user = make_user(email="marco@provider.example")
    desk.post(f"{PEOPLE}{user.public_id}/invite-again/")
    assert not OutboundMail.objects.exists()
    make_mailbox()
    desk.post(f"{PEOPLE}{user.public_id}/invite-again/")
    assert OutboundMail.objects.get().to == "marco@provider.example"


@pytest.mark.parametrize("act", ["deactivate", "reset-second-factor", "end-sessions"])
def test_an_administrator_who_signed_in_long_ago_proves_it_first_and_then_it_is_done(desk: Client, act: str) -> None:
    user = make_user(email="marco@provider.example")
    session = desk.session
    session[BEGUN] = clock.now().timestamp() - 600
    session.save()
    asked = desk.post(f"{PEOPLE}{user.public_id}/{act}/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    acts_before = AuditEntry.objects.filter(subject=user.email).count()
    assert acts_before == 0
    desk.post(asked["Location"], {"password": PASSWORD})
    assert AuditEntry.objects.filter(subject=user.email).count() == 1


def test_teams_come_and_go_and_their_people_stay(desk: Client) -> None:
    assert desk.post(f"{PEOPLE}teams/", {"name": "Linux"})["Location"] == f"{PEOPLE}teams/"
    assert desk.post(f"{PEOPLE}teams/", {"name": "Linux"}).status_code == 422
    team = Team.objects.get()
    user = make_user(team=team)
    desk.post(f"{PEOPLE}teams/{team.pk}/", {"name": "Unix"})
    assert "Unix" in desk.get(f"{PEOPLE}teams/").content.decode()
    desk.post(f"{PEOPLE}teams/{team.pk}/remove/")
    assert User.objects.get(pk=user.pk).team is None
    assert list(AuditEntry.objects.order_by("id").values_list("act", flat=True))[1:] == [
        Act.TEAM_CREATED,
        Act.TEAM_RENAMED,
        Act.TEAM_REMOVED,
    ]


def test_names_are_text_and_never_markup(desk: Client) -> None:
    user = make_user('<script>alert("x")</script>', email="marco@provider.example", team=make_team("<b>bold</b>"))
    for path in (PEOPLE, f"{PEOPLE}{user.public_id}/", f"{PEOPLE}teams/", f"{PEOPLE}audit/"):
        page = desk.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<b>bold" not in page


@pytest.mark.parametrize(
    "query",
    ["older=x", "older=-1", "newer=" + "9" * 40, "older=٣", "act=nothing", "act=%00", "older=&act=", "newer=1e3"],
)
def test_the_audit_answers_strange_questions_calmly(desk: Client, query: str) -> None:
    assert desk.get(f"{PEOPLE}audit/?{query}").status_code == 200


def test_the_audit_is_read_in_pages(desk: Client, admin: User) -> None:
    for number in range(60):
        AuditEntry.objects.create(at=clock.now(), actor=admin, act=Act.TEAM_CREATED, subject=f"team-{number:02}")
    first = desk.get(f"{PEOPLE}audit/?act=team-created").content.decode()
    assert "team-59" in first
    assert "team-09" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = desk.get(f"{PEOPLE}audit/{older[1].replace('&amp;', '&')}").content.decode()
    assert "team-09" in second
    assert "team-10" not in second
    assert 'rel="next"' not in second


def test_a_word_is_sought_in_a_stretch_of_the_audit_at_a_time(
    desk: Client, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault found: whom or what an entry is about was sought in all entries at once, seconds in millions."""
    monkeypatch.setattr(paging, "LOOKED_AT", 20)
    now = clock.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now - timedelta(minutes=number), actor=admin, act=Act.TEAM_CREATED, subject=subject)
        for number, subject in enumerate(["team"] * 30 + ["wanted"] + ["team"] * 30)
    )
    first = desk.get(f"{PEOPLE}audit/?subject=wanted").content.decode()
    assert ("<td>wanted</td>" in first, "Searched back to:" in first, "Nothing yet" in first) == (False, True, False)
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    assert "<td>wanted</td>" in desk.get(f"{PEOPLE}audit/{older[1].replace('&amp;', '&')}").content.decode()
    assert b"wanted" in b"".join(desk.get(f"{PEOPLE}audit/csv?subject=wanted"))


def test_pages_read_no_more_of_a_long_audit_than_they_show(desk: Client, admin: User) -> None:
    other, now = make_user("Marco Bianchi"), clock.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, actor=each, act=Act.TEAM_CREATED, subject=f"team-{number}")
        for number in range(1000)
        for each in (admin, None)
    )
    AuditEntry.objects.create(at=now - timedelta(days=1), actor=other, act=Act.TEAM_REMOVED, subject="by Marco")
    AuditEntry.objects.create(at=now - timedelta(days=1), actor=admin, act=Act.USER_CHANGED, subject=other.email)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_auditentry")
        cursor.execute("SET LOCAL enable_seqscan = off")
    for path, shown in (
        (f"{PEOPLE}audit/", "team-999"),
        (f"{PEOPLE}audit/?person={other.public_id}", "by Marco"),
        (f"{PEOPLE}{other.public_id}/", other.email),
    ):
        desk.get(path)  # reads what is kept for a minute
        with CaptureQueriesContext(connection) as captured:
            assert shown in desk.get(path).content.decode()
        assert rows_touched(captured) < 300, path


@pytest.mark.parametrize("path", [PEOPLE, f"{PEOPLE}teams/", f"{PEOPLE}audit/"])
def test_lists_ask_the_database_as_often_with_three_rows_as_with_one(desk: Client, admin: User, path: str) -> None:
    counts = []
    desk.get(path)  # reads what is kept for a minute
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(path).status_code == 200
        counts.append(len(captured))
        for _more in range(2):
            user = make_user(team=make_team())
            AuditEntry.objects.create(at=clock.now(), actor=user, act=Act.SIGNED_IN, subject=user.email)
    assert counts[0] == counts[1]


def test_ones_own_settings_are_name_and_language_and_nothing_else(admin: User) -> None:
    user, client = make_user(email="marco@provider.example", language="it"), Client()
    client.force_login(user)
    client.post(
        "/account/", {"name": "Marco B.", "language": "en", "role": "admin", "email": "x@provider.example", "team": "1"}
    )
    changed = User.objects.get(pk=user.pk)
    assert (changed.name, changed.language, changed.role, changed.email) == (
        "Marco B.",
        "en",
        Role.AGENT,
        "marco@provider.example",
    )
    assert client.get("/account/")["Content-Language"] == "en"
