"""How staff get in, and how nobody else does (S27, S28, S29, S30, S32)."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from sportello.accounts import actions
from sportello.accounts.enums import Act, Role
from sportello.accounts.middleware import ACTIVE, BEGUN
from sportello.accounts.models import AuditEntry, User
from sportello.accounts.recovery_codes import hashes_left, make_codes
from sportello.core import clock
from sportello.desk import tasks
from sportello.desk.staff_mail import password_link
from sportello.mail.models import OutboundMail
from tests.accounts.ending import ended_meanwhile
from tests.factories import make_mailbox, make_user
from tests.factories.people import PASSWORD

LOGIN, DESK = "/account/login/", "/account/"
pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


def is_in(client: Client) -> bool:
    return bool(client.get(DESK).status_code == 200)


def test_with_the_right_password_the_desk_opens_and_the_audit_knows() -> None:
    user, client = make_user(email="giulia@provider.example"), Client(REMOTE_ADDR="192.0.2.7")
    answer = sign_in(client, "Giulia@Provider.Example")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert is_in(client)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.subject, entry.address) == (
        Act.SIGNED_IN,
        user,
        "giulia@provider.example",
        "192.0.2.7",
    )


def test_unknown_wrong_and_deactivated_get_the_same_answer() -> None:
    make_user(email="known@provider.example")
    make_user(email="gone@provider.example", is_active=False)
    tries = [
        ("known@provider.example", "wrong"),
        ("unknown@provider.example", PASSWORD),
        ("gone@provider.example", PASSWORD),
    ]
    answers = [sign_in(Client(), *each) for each in tries]
    bodies = {re.sub(rb'value="[^"]*"|nonce="[^"]*"|data-now="\d+"', b"", answer.content) for answer in answers}
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(bodies) == 1


def test_what_was_typed_is_audited_only_when_it_is_a_real_account() -> None:
    make_user(email="known@provider.example")
    sign_in(Client(), "known@provider.example", "wrong")
    sign_in(Client(), "my-password@typed.here", "wrong")
    assert list(AuditEntry.objects.order_by("id").values_list("act", "subject")) == [
        (Act.SIGN_IN_FAILED, "known@provider.example"),
        (Act.SIGN_IN_FAILED, ""),
    ]


def test_nobody_signs_up() -> None:
    for path in (
        "/account/signup/",
        "/account/email/",
        "/account/login/code/",
        "/account/social/",
        "/account/confirm-email/",
    ):
        assert Client().get(path).status_code == 404


def test_guessing_is_stopped_and_a_stranger_cannot_lock_the_owner_out() -> None:
    make_user(email="owner@provider.example")
    owners = Client(REMOTE_ADDR="198.51.100.1")
    sign_in(owners, "owner@provider.example")
    owners.post("/account/logout/")
    for number in range(40):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "owner@provider.example", f"guess {number}")
    from_afar = sign_in(Client(REMOTE_ADDR="203.0.113.200"), "owner@provider.example")
    assert from_afar.status_code == 200
    sign_in(owners, "owner@provider.example")
    assert is_in(owners)


def test_s28_who_sets_the_password_by_a_link_gets_in_whatever_strangers_try() -> None:
    """In a browser that nobody has seen before."""
    owner, browser = make_user(email="owner@provider.example"), Client(REMOTE_ADDR="198.51.100.1")
    for number in range(40):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "owner@provider.example", f"guess {number}")
    path = password_link(owner).removeprefix(settings.PUBLIC_URL)
    form = browser.get(path, follow=True)
    new = {"password1": "quite another battery", "password2": "quite another battery"}
    browser.post(form.redirect_chain[-1][0], new)
    assert sign_in(Client(REMOTE_ADDR="198.51.100.2"), "owner@provider.example", new["password1"]).status_code == 200
    assert sign_in(browser, "owner@provider.example", new["password1"]).status_code == 302
    assert is_in(browser)


def test_s46_signing_out_empties_the_browsers_cache() -> None:
    client = Client()
    client.force_login(make_user())
    assert client.post("/account/logout/")["Clear-Site-Data"] == '"cache"'


def test_one_network_tries_thirty_times_in_all() -> None:
    make_user(email="last@provider.example")
    client = Client(REMOTE_ADDR="2001:db8:0:1::5")
    with override_settings(ACCOUNT_RATE_LIMITS={"login": None, "login_failed": None}):
        for number in range(30):
            sign_in(client, f"user{number}@provider.example", "wrong")
        other_end_of_it = Client(REMOTE_ADDR="2001:db8:0:1:ffff::1")
        assert sign_in(other_end_of_it, "last@provider.example").status_code == 200
        assert sign_in(Client(REMOTE_ADDR="2001:db8:0:2::1"), "last@provider.example").status_code == 302


def test_a_device_cookie_of_one_is_worth_nothing_for_another() -> None:
    make_user(email="a@provider.example")
    make_user(email="b@provider.example")
    client = Client(REMOTE_ADDR="198.51.100.2")
    sign_in(client, "a@provider.example")
    client.post("/account/logout/")
    for number in range(12):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "b@provider.example", "wrong")
    assert sign_in(client, "b@provider.example").status_code == 200


# -- sessions ----------------------------------------------------------------------------------------------------------------------------
def test_a_session_planted_beforehand_is_worth_nothing() -> None:
    make_user(email="a@provider.example")
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    sign_in(client, "a@provider.example")
    assert client.session.session_key != before


@pytest.mark.parametrize("end", ["sign-out", "deactivated", "password", "ended-by-admin"])
def test_a_session_ends_at_the_next_request(end: str) -> None:
    admin = make_user("Ada", email="admin@provider.example", role=Role.ADMIN)
    user = make_user(email="a@provider.example")
    client = Client()
    sign_in(client, "a@provider.example")
    stolen = Client()
    stolen.cookies.update(client.cookies)
    assert is_in(stolen)
    if end == "sign-out":
        client.post("/account/logout/")
    elif end == "deactivated":
        actions.deactivate(user=user, by=admin, now=clock.now(), address=None)
    elif end == "password":
        client.post(
            "/account/password/change/",
            {"oldpassword": PASSWORD, "password1": "another long one 9", "password2": "another long one 9"},
        )
    else:
        actions.end_sessions(user=user, by=admin, now=clock.now(), address=None)
    assert not is_in(stolen)


def grown_older(client: Client, *, idle: timedelta = timedelta(), open_for: timedelta | None = None) -> None:
    """Move the session's own notes into the past."""
    session, now = client.session, clock.now()
    session[ACTIVE], session[BEGUN] = (now - idle).timestamp(), (now - (open_for or idle)).timestamp()
    session.save()


@pytest.mark.parametrize(("headers", "status"), [({}, 302), ({"HX-Request": "true"}, 401)])
def test_s30_a_session_that_is_ended_under_a_request_leads_to_the_door(headers: dict[str, str], status: int) -> None:
    """What was asked was done: a page that calls it no request at all would have it done again."""
    user, client = make_user(), Client()
    client.force_login(user)
    client.get("/desk/")
    grown_older(client, idle=timedelta(minutes=30))
    with ended_meanwhile(client, settings.SESSION_COOKIE_NAME):
        answer = client.post("/account/", {"name": "Nuovo Nome", "language": "it"}, headers=headers)
    assert answer.status_code == status
    assert User.objects.get(pk=user.pk).name == "Nuovo Nome"
    assert not is_in(client)


def test_an_idle_session_ends_though_its_page_keeps_asking() -> None:
    make_user(email="a@provider.example")
    client = Client()
    sign_in(client, "a@provider.example")
    grown_older(client, idle=timedelta(minutes=119))
    noted = client.session[ACTIVE]
    client.get("/health")  # in the background, like what an open page asks for by itself
    assert client.session[ACTIVE] == noted
    grown_older(client, idle=timedelta(minutes=121))
    assert not is_in(client)


def test_what_a_person_does_keeps_a_session_awake() -> None:
    make_user(email="a@provider.example")
    client = Client()
    sign_in(client, "a@provider.example")
    grown_older(client, idle=timedelta(minutes=119))
    assert is_in(client)
    assert clock.now().timestamp() - client.session[ACTIVE] < 10


def test_a_busy_session_ends_after_twelve_hours() -> None:
    make_user(email="a@provider.example")
    client = Client()
    sign_in(client, "a@provider.example")
    grown_older(client, open_for=timedelta(hours=11, minutes=59))
    assert is_in(client)
    grown_older(client, open_for=timedelta(hours=12, minutes=1))
    assert not is_in(client)


def test_other_sessions_are_listed_and_can_be_ended() -> None:
    make_user(email="a@provider.example")
    here, there = Client(headers={"user-agent": "Here"}), Client(headers={"user-agent": "<b>There</b>"})
    sign_in(there, "a@provider.example")
    sign_in(here, "a@provider.example")
    page = here.get("/account/sessions/").content.decode()
    assert "&lt;b&gt;There&lt;/b&gt;" in page
    here.post("/account/sessions/")
    assert is_in(here)
    assert not is_in(there)


def test_asvs_7_5_2_other_sessions_are_ended_with_a_new_proof() -> None:
    make_user(email="a@provider.example")
    here, there = Client(), Client()
    sign_in(there, "a@provider.example")
    sign_in(here, "a@provider.example")
    grown_older(here, open_for=timedelta(minutes=6))
    asked = here.post("/account/sessions/")
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert is_in(there)
    here.post(asked["Location"], {"password": PASSWORD})
    assert (is_in(here), is_in(there)) == (True, False)


# -- redirects ---------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "///evil.example", "https:evil.example",
        "javascript:alert(1)", "data:text/html,x", "http://localhost@evil.example/", "http://[evil.example]/", "/%09/evil.example",
        " https://evil.example", "\thttps://evil.example", "https:///evil.example", "http:/\\evil.example", "//evil.example@localhost/",
    ],
)  # fmt: skip
def test_after_sign_in_one_stays_on_our_host(target: str) -> None:
    make_user(email="a@provider.example")
    answer = sign_in(Client(), "a@provider.example", next=target)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/"), answer["Location"]
    assert not re.match(r"^[/\\]{2}", answer["Location"]), answer["Location"]
    assert "evil" not in answer["Location"].split("/")[1]


def test_after_sign_in_one_gets_where_one_wanted() -> None:
    make_user(email="a@provider.example")
    client = Client()
    asked = client.get("/account/sessions/")
    assert asked["Location"] == "/account/login/?next=%2Faccount%2Fsessions%2F"
    assert sign_in(client, "a@provider.example", next="/account/sessions/")["Location"] == "/account/sessions/"


def test_a_fragment_is_told_that_the_session_is_over_and_not_sent_a_page() -> None:
    answer = Client().get("/account/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


# -- forgotten passwords -----------------------------------------------------------------------------------------------------------------
def ask_for_link(email: str) -> Any:
    return Client().post("/account/password/reset/", {"email": email})


def run_jobs() -> None:
    for job in ProcrastinateJob.objects.filter(task_name="sportello.desk.send_password_link"):
        tasks.send_password_link_to(**job.args)


def test_asking_for_a_new_password_tells_nothing_and_writes_to_the_right_one_only() -> None:
    make_mailbox("support@provider.example")
    make_user(email="known@provider.example", language="en")
    make_user(email="gone@provider.example", is_active=False)
    answers, queries = [], []
    for email in ("known@provider.example", "unknown@provider.example", "gone@provider.example"):
        with CaptureQueriesContext(connection) as captured:
            answers.append(ask_for_link(email))
        queries.append(len(captured))
    assert len(set(queries)) == 1, "the same work is done for everybody, so its time tells nothing"
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/account/password/reset/done/")}
    assert ProcrastinateJob.objects.filter(task_name="sportello.desk.send_password_link").count() == 3
    run_jobs()
    assert list(OutboundMail.objects.values_list("to", flat=True)) == ["known@provider.example"]


def test_a_link_sets_the_password_once_and_ends_all_sessions() -> None:
    make_mailbox()
    make_user(email="a@provider.example", language="en")
    old = Client()
    sign_in(old, "a@provider.example")
    ask_for_link("a@provider.example")
    run_jobs()
    link = re.search(
        r"http://[^/]+(/account/password/reset/key/\S+)", OutboundMail.objects.get(subject__contains="password").text
    )
    assert link
    client = Client()
    form = client.get(link[1])
    assert form["Location"].endswith("-set-password/")
    new = {"password1": "quite another one", "password2": "quite another one"}
    assert client.post(form["Location"], new)["Location"] == "/account/password/reset/key/done/"
    assert not is_in(old)
    assert not is_in(client), "nobody is signed in by a mail alone"
    assert "set-password" not in Client().get(link[1]).get("Location", "")
    assert sign_in(Client(), "a@provider.example", "quite another one").status_code == 302
    assert Act.PASSWORD_RESET in acts()
    assert OutboundMail.objects.filter(to="a@provider.example", kind="notice").count() == 1


def test_s30_a_link_is_worth_nothing_to_somebody_who_was_deactivated() -> None:
    """A fault found: it set the password with which they, or whoever reads their mail, would come in once they are back."""
    user, client = make_user(email="a@provider.example"), Client()
    form = client.get(password_link(user).removeprefix(settings.PUBLIC_URL))
    User.objects.filter(pk=user.pk).update(is_active=False)
    new = {"password1": "quite another one", "password2": "quite another one"}
    assert client.post(form["Location"], new).status_code == 200
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_five_links_an_hour_for_one_address() -> None:
    make_mailbox()
    make_user(email="a@provider.example")
    statuses = [ask_for_link("a@provider.example").status_code for _ in range(7)]
    assert statuses == [302] * 5 + [429] * 2


def test_the_mailed_link_names_the_configured_host() -> None:
    make_mailbox()
    make_user(email="a@provider.example")
    Client().post(
        "/account/password/reset/", {"email": "a@provider.example"}, headers={"x-forwarded-host": "evil.example"}
    )
    run_jobs()
    assert "evil" not in OutboundMail.objects.get().text


# -- second factor -----------------------------------------------------------------------------------------------------------------------
def code_now(secret: str) -> str:
    """Of the step that is now, in the middle of those that are accepted: good for half a minute more."""
    _before, now, _after = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, now)))


def with_app(email: str) -> tuple[User, str]:
    user, secret = make_user(email=email), generate_totp_secret()
    TOTP.activate(user, secret)
    return user, secret


def test_with_a_second_factor_the_password_alone_opens_nothing() -> None:
    with_app("a@provider.example")
    client = Client()
    answer = sign_in(client, "a@provider.example")
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.get("/desk/").status_code == 302


def test_a_code_opens_the_desk_once() -> None:
    _user, secret = with_app("a@provider.example")
    code = code_now(secret)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "a@provider.example")
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_s28_a_code_that_has_opened_stays_used_up_when_the_cache_forgets_it() -> None:
    """allauth remembers it for 30 seconds, and accepts it for 90."""
    _user, secret = with_app("a@provider.example")
    code = code_now(secret)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "a@provider.example")
        client.post(reverse("mfa_authenticate"), {"code": code})
        cache.clear()
    assert is_in(first)
    assert not is_in(second)


def test_s28_an_older_code_opens_nothing_after_a_newer_one() -> None:
    _user, secret = with_app("a@provider.example")
    before, now, _after = (str(format_hotp_value(hotp_value(secret, step))) for step in yield_hotp_counters_from_time())
    first, second = Client(), Client()
    for client, code in ((first, now), (second, before)):
        sign_in(client, "a@provider.example")
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_a_recovery_code_opens_the_desk_once() -> None:
    user, _secret = with_app("a@provider.example")
    code = make_codes(user)[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "a@provider.example")
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_asvs_6_5_2_recovery_codes_are_shown_once_and_kept_as_hashes() -> None:
    user, _secret = with_app("a@provider.example")
    client = Client()
    client.force_login(user)
    address = reverse("mfa_generate_recovery_codes")
    (mark,) = re.findall(r'name="mark" value="(\w+)"', client.get(address).content.decode())
    page = client.post(address, {"mark": mark}).content.decode()
    codes = re.findall(r"(?:[a-z2-7]{4}-){5}[a-z2-7]{4}", page)
    assert len(set(codes)) == 10
    stored = str(Authenticator.objects.get(user=user, type="recovery_codes").data)
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]
    assert codes[0] not in client.get(address).content.decode()
    assert client.post(address, {"mark": mark}).headers["Location"] == reverse("mfa_index"), (
        "loaded again, the page makes no others"
    )
    assert str(Authenticator.objects.get(user=user, type="recovery_codes").data) == stored
    assert Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes() == []


def test_asvs_6_5_2_codes_of_before_go_on_opening_once() -> None:
    """Those that could be decrypted are hashes after the migration."""
    user, _secret = with_app("a@provider.example")
    unused = RecoveryCodes.activate(user).get_unused_codes()
    import_module("sportello.accounts.migrations.0008_recovery_codes_as_hashes").hash_codes(apps, None)
    kept = Authenticator.objects.get(user=user, type="recovery_codes")
    assert ("seed" in kept.data, len(hashes_left(user))) == (False, 10)
    opened = []
    for code in (unused[3], unused[3], unused[4], "00000000"):
        client = Client()
        sign_in(client, "a@provider.example")
        client.post(reverse("mfa_authenticate"), {"code": code})
        opened.append(is_in(client))
    assert opened == [True, False, True, False]


def test_asvs_16_3_1_a_wrong_code_is_audited_as_a_wrong_password_is() -> None:
    with_app("a@provider.example")
    client = Client()
    sign_in(client, "a@provider.example")
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    entry = AuditEntry.objects.latest("id")
    assert (entry.act, entry.subject) == (Act.SIGN_IN_FAILED, "a@provider.example")


def test_codes_cannot_be_guessed() -> None:
    _user, secret = with_app("a@provider.example")
    client = Client()
    sign_in(client, "a@provider.example")
    for number in range(6):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"})
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert not is_in(client)


def test_secrets_of_second_factors_are_not_readable_in_the_database() -> None:
    user, secret = with_app("a@provider.example")
    stored = str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    assert secret not in stored
    assert Authenticator.objects.get(user=user, type="totp").wrap().validate_code(code_now(secret))


def test_where_it_is_demanded_nothing_opens_before_a_second_factor_is_set_up() -> None:
    make_user(email="a@provider.example")
    client = Client()
    sign_in(client, "a@provider.example")
    with override_settings(REQUIRE_SECOND_FACTOR=True):
        assert client.get("/desk/")["Location"].startswith(reverse("mfa_index"))
        assert client.get(reverse("mfa_activate_totp")).status_code == 200
        TOTP.activate(User.objects.get(), generate_totp_secret())
        assert client.get("/desk/").status_code != 302


def test_setting_up_an_app_is_audited_and_told_to_the_owner(django_capture_on_commit_callbacks: Any) -> None:
    make_mailbox()
    make_user(email="a@provider.example", language="en")
    client = Client()
    sign_in(client, "a@provider.example")
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert '<svg class="qr"' in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}).status_code == 302
    assert acts() == [Act.SIGNED_IN, Act.FACTOR_ADDED]
    assert "added a second factor" in OutboundMail.objects.order_by("id")[0].text


def test_touching_the_security_of_an_account_later_asks_for_the_password_again() -> None:
    make_user(email="a@provider.example")
    client = Client()
    sign_in(client, "a@provider.example")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    grown_older(client, open_for=timedelta(minutes=6))
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 200
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


# -- where from --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "header", ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "true-client-ip", "x-client-ip"]
)
def test_nobody_chooses_the_address_they_are_noted_under(header: str) -> None:
    make_user(email="a@provider.example")
    client = Client(REMOTE_ADDR="192.0.2.7", headers={header: "203.0.113.5"})
    sign_in(client, "a@provider.example")
    assert AuditEntry.objects.get().address == "192.0.2.7"


@pytest.mark.parametrize(
    "header", ["x-remote-user", "remote-user", "x-forwarded-user", "x-original-url", "x-http-method-override"]
)
def test_no_header_signs_anybody_in(header: str) -> None:
    user = make_user(email="a@provider.example")
    for value in (user.email, str(user.pk), "/account/", "GET"):
        assert Client().get(DESK, headers={header: value}).status_code == 302
        assert Client().post("/health", headers={header: value}).status_code == 405


@pytest.mark.parametrize(
    "value",
    ["", "[]", "{}", "null", "0", "true", "%", "_", "*", "9" * 30, "\x00", "a" * 1_048_576, "' OR 1=1 --", "\ud800"],
)
def test_strange_words_sign_nobody_in(value: str) -> None:
    make_user(email="a@provider.example")
    for data in (
        {"login": value, "password": value},
        {"login": "a@provider.example", "password": value},
        {"login": value, "password": PASSWORD},
    ):
        encoded = {
            name: text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for name, text in data.items()
        }
        client = Client()
        assert client.post(LOGIN, encoded).status_code in {200, 400, 413}
        assert not is_in(client)


# -- kindly ------------------------------------------------------------------------------------------------------------------------------
def test_who_types_a_wrong_password_five_times_is_told_when_to_come_again_and_gets_back() -> None:
    make_user(email="a@provider.example")
    client, path = Client(), reverse("account_change_password")
    sign_in(client, "a@provider.example")
    form = {"oldpassword": "wrong", "password1": "quite another battery", "password2": "quite another battery"}
    for _ in range(5):
        refused = client.post(path, form)
        assert (refused.status_code, "Questa non è la password attuale." in refused.content.decode()) == (200, True)
    answer = client.post(path, form, headers={"referer": f"http://testserver{path}"})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "Si può riprovare tra 1 minuto." in page
    assert f'href="{path}"' in page


def test_the_words_of_a_new_password_are_ours() -> None:
    make_user(email="a@provider.example", name="Anna Bianchi", language="it")
    client, path = Client(), reverse("account_change_password")
    sign_in(client, "a@provider.example")
    form = {"oldpassword": PASSWORD, "password1": "annabianchi1", "password2": "annabianchi1"}
    assert "somiglia troppo a un dato personale: nome" in client.post(path, form).content.decode()
    User.objects.update(language="en")
    page = client.get(path).content.decode()
    assert re.findall(r'<label for="id_\w+">([^<]*)<', page) == [
        "Current password",
        "New password",
        "New password, again",
    ]


def test_another_language_is_confirmed_in_that_language() -> None:
    make_user(email="a@provider.example", language="it")
    client = Client()
    sign_in(client, "a@provider.example")
    page = client.post(reverse("account_settings"), {"name": "Anna", "language": "en"}, follow=True).content.decode()
    assert "Saved." in page
    assert "Salvato." not in page
