"""The ways in: no oracle (S27), no guessing and no locking out (S28), no way round the second factor (S29), no way off our host (S32)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import cycle, islice, product
from typing import Any, ClassVar
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils.encoding import iri_to_uri

from sportello.accounts.actions import change_user
from sportello.accounts.enums import Role, Who
from sportello.core import clock
from sportello.customers.models import Contact
from sportello.customers.passwords import owner_of, set_password
from sportello.customers.sign_in import make_link
from sportello.desk.sign_in import StaffAdapter
from sportello.desk.staff_mail import password_link
from sportello.desk.views.pages import back
from sportello.portal.coming_in import own_page
from sportello.portal.views.sign_in import WRONG_FOR_ADDRESS
from tests.conftest import Tried
from tests.factories import make_contact, make_ticket, make_user
from tests.factories.people import PASSWORD
from tests.walls.asking import DOORS, ask, nothing_written, steady, undone
from tests.walls.hostile.forms import Site
from tests.walls.hostile.tally import IS_LONG, Tally
from tests.walls.urls import every_address
from tests.walls.visitors import ADMIN, people
from tests.walls.world import STRANGE, World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600 if IS_LONG else 300)]

Record = Callable[[str, object], None]
PER_ADDRESS = 8 if IS_LONG else 1
LOGIN = "/account/login/"
OF_STAFF = [
    each for each in every_address() if each.rule and each.rule.who("GET") in {Who.STAFF, Who.WRITER, Who.ADMIN}
]
TARGETS = (
    "https://evil.example", "http://evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "http:\\\\evil.example", "https://localhost@evil.example", "https://evil.example#localhost",
    "https://evil.example?localhost", "https://evil.example\\@localhost", "https://localhost.evil.example",
    "//evil.example/desk/", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "vbscript:x", "ftp://evil.example", "\thttps://evil.example", "\nhttps://evil.example", " //evil.example",
    "\x00//evil.example", "/%09/evil.example", "/\t/evil.example", "/\n/evil.example", "%2f%2fevil.example",
    "/desk/\r\nLocation: https://evil.example", "/portal/\r\nSet-Cookie: a=b", "https://[::1]@evil.example",
    "https://evil.example:443", "//evil%2eexample", "〱evil.example", "/\u2028/evil.example", "//\u3002evil.example",
    "?next=//evil.example", ".evil.example", "@evil.example", "/..//evil.example", "/portal/..//evil.example",
    "/desk/..//evil.example", "[", "//[",
)  # fmt: skip


class CountedHasher(MD5PasswordHasher):
    """Time is told by what takes it: one hashing is a tenth of a second with the real hasher."""

    algorithm = "counted"
    hashings: ClassVar[list[int]] = []

    def encode(self, password: str, salt: str) -> str:
        self.hashings.append(1)
        return super().encode(password, salt)


def measured(act: Callable[[], Any]) -> tuple[int, bytes, int, int]:
    """Status, words, hashings and queries of an answer."""
    CountedHasher.hashings.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    return answer.status_code, steady(answer), len(CountedHasher.hashings), len(queries)


def log_in(email: str, password: str, *, of: str = "192.0.2.1") -> Any:
    return Client(REMOTE_ADDR=of).post(LOGIN, {"login": email, "password": password})


@override_settings(PASSWORD_HASHERS=["tests.walls.test_s27_s32_sign_in.CountedHasher"])
def test_s27_no_account_and_a_wrong_password_take_the_same_words_and_the_same_work(tried: Tried) -> None:
    """Unknown, known, deactivated with the right password and with a wrong one, and invited without a password yet."""
    make_user(email="known@provider.example")
    make_user(email="former@provider.example", is_active=False)
    invited = make_user(email="fresh@provider.example")
    invited.set_unusable_password()
    invited.save()
    log_in("nobody@provider.example", "x")  # what is read once and kept is read
    tries = {
        "unknown": ("nobody@provider.example", "wrong"),
        "known": ("known@provider.example", "wrong"),
        "deactivated": ("former@provider.example", PASSWORD),
        "deactivated, wrong": ("former@provider.example", "wrong"),
        "invited": ("fresh@provider.example", "wrong"),
    }
    found = {}
    for number, (name, (email, password)) in enumerate(tries.items()):
        tried("S27")
        act = partial(log_in, email, password, of=f"192.0.2.{number}")
        status, words, hashings, queries = measured(act)
        found[name] = status, words.replace(email.encode(), b""), hashings, queries
    assert {name: each for name, each in found.items() if each != found["unknown"]} == {}
    assert found["unknown"][2] == 1


@override_settings(PASSWORD_HASHERS=["tests.walls.test_s27_s32_sign_in.CountedHasher"])
def test_s27_contacts_unknown_known_locked_or_without_a_password_get_the_same_words_for_the_same_work(
    tried: Tried,
) -> None:
    names = ("known", "withdrawn", "without")
    known, withdrawn, _ = (make_contact(address=f"{name}@customer.example") for name in names)
    for contact in (known, withdrawn):
        set_password(contact=contact, password=PASSWORD, session_key="", now=clock.now())
    Contact.objects.filter(pk=withdrawn.pk).update(is_active=False)
    tries = [("nobody", "wrong"), ("known", "wrong"), ("withdrawn", PASSWORD), ("withdrawn", "x"), ("without", "x")]
    assert _alike("portal", tries, tried)[2] == 1
    for number, name in product(range(20), ("nobody", "known", "without")):
        at = clock.now() + WRONG_FOR_ADDRESS.within * (number % 2)  # whichever stretch the tries fall into
        WRONG_FOR_ADDRESS.take(f"{name}@customer.example", now=at)
    locked = [("nobody", "x"), ("known", PASSWORD), ("without", "x")]
    assert _alike("locked out", locked, tried)[::2] == (429, 0)


def _alike(network: str, tries: list[tuple[str, str]], tried: Tried) -> tuple[int, bytes, int, int]:
    """What all of these tries at the customers' sign-in were answered, and how much work it was."""
    found = set()
    owner_of(address="first@nowhere.example", password="x")  # what is made once and kept is made
    for number, (name, password) in enumerate(tries):
        tried("S27")
        client = Client(REMOTE_ADDR=f"203.0.113.{number + len(network)}")
        form = {"address": f"{name}@customer.example", "password": password}
        status, words, hashings, queries = measured(partial(client.post, "/portal/sign-in/", form))
        found.add((status, words.replace(name.encode(), b""), hashings, queries))
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("path", ["/account/password/reset/", "/portal/sign-in/"])
def test_s27_asking_for_a_link_tells_nothing(path: str, tried: Tried) -> None:
    """Neither by words nor by work: whether there is such an address is looked up later, in a job."""
    make_user(email="known@provider.example")
    make_contact(address="known@customer.example")
    field = "email" if "account" in path else "address"
    Client().post(path, {field: "first@nowhere.example"})
    found = set()
    for number, address in enumerate(("known@provider.example", "known@customer.example", "nobody@nowhere.example")):
        for _ in range(2):
            tried("S27")
            client = Client(REMOTE_ADDR=f"192.0.2.{number}")
            found.add(measured(partial(client.post, path, {field: address}, follow=True)))
    assert len(found) == 1


def test_s27_a_wrong_key_of_an_account_and_of_none_look_alike(tried: Tried) -> None:
    user = make_user()
    path = password_link(user).removeprefix(settings.PUBLIC_URL)
    uid, _, key = path.removeprefix("/account/password/reset/key/").strip("/").partition("-")
    guesses = [
        f"{uid}-{key[:-1]}",
        f"{uid}-x",
        "zzzzz-x",
        f"zzzzz-{key}",
        f"{uid}-%25",
        f"{uid}-_",
        f"{uid}-*",
        f"{uid}-None",
        f"0-{key}",
    ]
    answers: list[Any] = [Client().get(f"/account/password/reset/key/{guess}/") for guess in guesses]
    tried("S27", len(guesses))
    assert {answer.status_code for answer in answers} == {200}
    assert len({steady(answer, *guesses) for answer in answers}) == 1


@override_settings(ACCOUNT_RATE_LIMITS={"login": None})
def test_s28_nobody_guesses_a_password_from_one_address_or_from_a_hundred(tried: Tried) -> None:
    """The right one is among the guesses, after as many wrong ones as are let through."""
    make_user(email="owner@provider.example")
    addresses = [*["192.0.2.1"] * 100, *(f"198.51.100.{number}" for number in range(100))]
    for number, address in enumerate(addresses):
        tried("S28")
        password = PASSWORD if number > 20 and number % 7 == 0 else f"guess {number}"
        assert log_in("owner@provider.example", password, of=address).status_code in {200, 429}, f"guess {number}"


def test_s29_a_password_alone_opens_no_page_by_its_address(tried: Tried) -> None:
    user, client = make_user("Ada", role=Role.ADMIN, email="ada@provider.example"), Client()
    TOTP.activate(user, generate_totp_secret())
    half_way = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert half_way["Location"].startswith("/account/login/second-factor/")
    for address in OF_STAFF:
        path = address.path({each.name: STRANGE[each.converter] for each in address.parameters})
        for method in address.rule.methods if address.rule else ():
            tried("S29")
            with nothing_written(path):
                answer = ask(client, method, path)
            assert answer.status_code == 302, f"{method} {path}: {answer.status_code}"
            assert answer["Location"].startswith(DOORS)


def test_s30_a_lower_role_counts_in_the_session_that_is_open() -> None:
    user, admin, ticket = make_user(role=Role.ADMIN), make_user(role=Role.ADMIN), make_ticket(now=clock.now())
    client = Client()
    client.force_login(user)
    assert client.get(reverse("desk:people")).status_code == 200
    change_user(
        user=user, email=user.email, name=user.name, role=Role.READ_ONLY, team=None, language="it", by=admin, now=clock.now(), address=None
    )  # fmt: skip
    assert client.get(reverse("desk:people")).status_code == 403
    with nothing_written("a note of who only reads"):
        assert client.post(reverse("desk:note", args=[ticket.public_id]), {"text": "x"}).status_code == 403


@pytest.mark.parametrize("path", ["/desk/now", "/desk/figures/now"])
def test_s30_what_a_page_asks_by_itself_keeps_nobody_signed_in(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, client = clock.now(), Client()
    client.force_login(make_user())
    assert client.get("/desk/").status_code == 200
    for minutes in range(10, 130, 10):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: begun + timedelta(minutes=minutes))
        client.get(path, headers={"HX-Request": "true"})
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=131))
    assert client.get("/desk/").status_code == 302


def test_s30_no_session_is_in_an_address() -> None:
    client = Client()
    client.force_login(make_user())
    key = client.session.session_key
    assert key
    for name in (
        "sessionid",
        "sportello",
        "sid",
        "PHPSESSID",
        settings.SESSION_COOKIE_NAME,
        settings.PORTAL_COOKIE_NAME,
    ):
        assert Client().get(f"/desk/?{name}={key}").status_code == 302
        assert key not in client.get("/desk/").content.decode()


def test_s32_no_target_of_another_host_is_ours(rf: RequestFactory, tried: Tried) -> None:
    """What decides, for all targets; the pages that ask it, below."""
    for target in TARGETS:
        tried("S32", 3)
        assert not StaffAdapter().is_safe_url(target) or _stays(iri_to_uri(target)), repr(target)
        assert _stays(iri_to_uri(own_page(target))), repr(target)
        assert _stays(back(rf.post("/desk/", {"next": target}), "/desk/")["Location"]), repr(target)


@pytest.mark.parametrize("target", TARGETS if IS_LONG else TARGETS[::9])
def test_s32_nobody_is_sent_to_another_host(target: str, tried: Tried) -> None:
    contact, ticket, user, agent, customer = (
        make_contact(),
        make_ticket(now=clock.now()),
        make_user(),
        Client(),
        Client(),
    )
    agent.force_login(make_user())
    link = reverse("portal:enter", kwargs={"secret": make_link(contact=contact, now=clock.now())})
    answers = [
        Client().post(LOGIN, {"login": user.email, "password": PASSWORD, "next": target}),
        Client().post(f"{LOGIN}?{_query(target)}", {"login": user.email, "password": PASSWORD}),
        agent.get(f"{LOGIN}?{_query(target)}"),
        agent.post(reverse("desk:release", args=[ticket.public_id]), {"next": target}),
        customer.post(link, {"next": target}),
        customer.get(f"/portal/sign-in/?{_query(target)}"),
        agent.post("/account/logout/", {"next": target}),
    ]
    for answer in answers:
        tried("S32")
        assert _stays(answer.get("Location", "/")), f"{target!r}: {answer['Location']!r}"


def test_s32_no_address_sends_anybody_to_another_host(shared_world: World, site: Site, record_property: Record) -> None:
    """Whatever address is asked, `next` leads nowhere else, in the query or in the form."""
    tally, targets = Tally("S32 next of every address"), cycle(TARGETS)
    who = people(shared_world)
    for person in who.values() if IS_LONG else [who[ADMIN]]:
        for method in ("GET", "POST") if IS_LONG else ("POST",):
            for _, path in site.paths(method):
                for target in islice(targets, PER_ADDRESS):
                    with undone():
                        answer = ask(person.client, method, f"{path}?{_query(target)}", {"next": target, "text": "x"})
                    where = answer.get("Location", "/")
                    tally.add(f"{person.name} {method} {path} {target!r}", [] if _stays(where) else [where])
    record_property("counted", str(tally))
    tally.settle()


def _stays(where: str) -> bool:
    """Whether a browser stays on our host, and no header is added (browsers take a backslash for a slash)."""
    resolved = urlsplit(urljoin("http://testserver/x", where.replace("\\", "/")))
    return resolved.netloc == "testserver" and not {"\r", "\n"} & set(where)


def _query(target: str) -> str:
    return urlencode({"next": target})
