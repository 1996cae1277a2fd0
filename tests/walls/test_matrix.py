"""Every address and method, tried by everybody. Generated from the URL table; what should happen is the rule that stands on each view."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sportello.accounts.access import Rule
from sportello.accounts.enums import Who
from tests.conftest import Tried
from tests.walls.asking import DOORS, ask, is_refusal, nothing_written, steady, undone
from tests.walls.hostile.tally import IS_LONG
from tests.walls.urls import Address, every_address
from tests.walls.world import STRANGE, Person, World

ADDRESSES = every_address()
METHODS = ("GET", "POST")
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
OF_CUSTOMERS = [address for address in ADDRESSES if address.namespaces == ("portal",) and address.parameters]
WRITES = [each for each in ADDRESSES if each.rule and "POST" in each.rule.methods]
NAMES = (
    "id", "pk", "number", "ticket", "ticket_id", "public_id", "contact", "contact_id", "customer", "customer_id", "user", "owner",
    "message", "message_id", "file", "attachment", "as", "on_behalf_of", "sudo", "next_id", "merged_into", "follow_up_of",
)  # fmt: skip
TWINS = {"agent": "read-only agent", "customer B": "customer A"}
"""What is A's and not B's is tried of its own, below."""
PUBLIC = frozenset(
    [
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "csp-report",
        "desk:enclosed",
        "front-door",
        "health",
        "metrics",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "portal:ask-passkey",
        "portal:code",
        "portal:enter",
        "portal:enter-by-passkey",
        "portal:invited",
        "portal:openid",
        "portal:openid-back",
        "portal:policy",
        "portal:policy-edition",
        "portal:sent",
        "portal:sign-in",
        "presales",
        "presales-confirm",
        "presales-sent",
        "security-txt",
        "status",
        "status-en",
        "status-feed",
        "status-file",
        "status-it",
        "status-of-one",
        "telephone-events",
        "ticket-system",
    ]
)
"""What anybody may ask for: pages before signing in, and what proves itself by a token or a signature."""
OF_ADMINISTRATORS = frozenset(
    [
        "audit",
        "audit-csv",
        "domains",
        "edit-calendar",
        "edit-clause",
        "edit-imap",
        "edit-mailbox",
        "edit-policy",
        "edit-queue",
        "edit-tag",
        "erase-person",
        "failures",
        "fetch-person-data",
        "first-hour",
        "import",
        "import-report",
        "imports",
        "joining",
        "mailbox",
        "new-calendar",
        "new-clause",
        "new-imap",
        "new-mailbox",
        "new-policy",
        "people",
        "person",
        "person-data",
        "person-new",
        "provider",
        "retention",
        "roles",
        "sending",
        "settings",
        "support-policy",
        "tags",
        "team",
        "teams",
    ]
)
"""Pages of the desk that show to no other staff; what administrators do stands in test_audited.py."""
OF_A_DESK = frozenset({Who.STAFF, Who.WRITER, Who.ADMIN})
HEADERS = (
    "X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Remote-User",
    "Remote-User", "X-User", "X-User-Id", "X-Contact-Id", "X-Customer-Id", "X-On-Behalf-Of", "X-Act-As", "Authorization", "X-Api-Key",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_every_address_says_who_may_open_it(address: Address) -> None:
    assert address.rule is not None, f"{address.route} has no rule: put @allowed(...) of accounts.access on its view"
    assert address.rule.methods, f"{address.route} lets nobody in"


def test_s10_no_rule_is_wider_than_what_stands_here() -> None:
    """All else asks the rules who may; a rule that was opened by mistake would be kept by everybody."""
    wide = [
        f"{method} {address}: {who}"
        for address in ADDRESSES
        for method, who in (address.rule.methods.items() if address.rule else ())
        if who not in may_say(address, method)
    ]
    assert wide == []
    assert {str(each).removeprefix("desk:") for each in ADDRESSES} >= OF_ADMINISTRATORS
    assert {str(each) for each in ADDRESSES} >= PUBLIC


def may_say(address: Address, method: str) -> frozenset[Who]:
    if str(address) in PUBLIC:
        return frozenset({Who.ANYONE})
    if address.namespaces == ("portal",):
        return frozenset({Who.CONTACT})
    if address.name.removeprefix("desk:") in OF_ADMINISTRATORS:
        return frozenset({Who.ADMIN})
    if address.namespaces == ("desk",) and method == "POST" and str(address) != "desk:presence":
        return frozenset({Who.WRITER, Who.ADMIN})
    return OF_A_DESK


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_s10_everybody_gets_what_the_rule_says(address: Address, shared_world: World, tried: Tried) -> None:
    rule, path = address.rule, address.path(shared_world.values(address))
    assert rule is not None
    asked = [
        (person, method)
        for person in shared_world.everybody
        for method in (*METHODS, *(_others(address) if person.name == "admin" else ()))
        if IS_LONG or not _is_as_another(rule, method, person, shared_world)
    ]
    tried("S10", len(asked))
    refused = [(person, method) for person, method in asked if rule.who(method) not in person.may]
    with undone(), nothing_written(path):
        for person, method in refused:
            _is_refused(rule, path, method, person)
    for person, method in asked:
        if (person, method) not in refused:
            _is_let_in(rule, path, method, person, exists=shared_world.knows(address) and bool(address.parameters))


@pytest.mark.parametrize("address", OF_CUSTOMERS, ids=str)
def test_s10_what_is_not_yours_looks_like_what_is_not_there(
    address: Address, shared_world: World, tried: Tried
) -> None:
    if address.rule is None or Who.CONTACT not in address.rule.methods.values():
        return
    theirs = address.path(shared_world.values(address))
    nothing = address.path({each.name: STRANGE[each.converter] for each in address.parameters})
    for who, contact in shared_world.strangers().items():
        stranger = shared_world.customer(contact)
        for method in address.rule.methods:
            form = {"text": "Eccomi.", "once": str(uuid4())}
            with nothing_written(f"{who} {method} {theirs}"):
                refused, missing = ask(stranger, method, theirs, form), ask(stranger, method, nothing, form)
            assert (refused.status_code, missing.status_code) == (404, 404), f"{who} {method} {theirs}"
            assert steady(refused, theirs) == steady(missing, nothing)
            assert _headers(refused) == _headers(missing)
            tried("S10")


def test_s10_an_id_in_query_or_body_opens_nothing(shared_world: World, tried: Tried) -> None:
    """B asks for what is B's, and names what is A's besides, by every name that a program might listen to."""
    browser, own = shared_world.customer(shared_world.contact_b), str(shared_world.ticket_of_b.public_id)
    pages = [reverse("portal:home"), reverse("portal:search"), reverse("portal:ticket", args=[own])]
    usual = {page: steady(ask(browser, "GET", page)) for page in pages}
    for value in _ids_of_a(shared_world):
        named = dict.fromkeys(NAMES, value)
        for page in pages:
            tried("S10", len(NAMES))
            assert steady(ask(browser, "GET", f"{page}?{urlencode(named)}")) == usual[page], f"{page} {value}"
        form = {"text": "Eccomi.", "once": str(uuid4()), **named}
        answer = ask(browser, "POST", reverse("portal:reply", args=[own]), form)
        tried("S10", len(NAMES))
        assert answer["Location"] == reverse("portal:ticket", args=[own])
        assert shared_world.ticket.messages.count() == 1
        assert shared_world.ticket_of_b.messages.latest("pk").contact == shared_world.contact_b
        usual[pages[2]] = steady(ask(browser, "GET", pages[2]))
        usual[pages[0]] = steady(ask(browser, "GET", pages[0]))


def test_s10_a_header_opens_nothing(shared_world: World, tried: Tried) -> None:
    theirs = reverse("portal:ticket", args=[shared_world.ticket.public_id])
    values = [theirs, "DELETE", "PUT", shared_world.admin.email, *_ids_of_a(shared_world)]
    for person in (each for each in shared_world.everybody if each.name in {"customer B", "anonymous"}):
        for page in (reverse("portal:home"), reverse("desk:queue"), theirs):
            usual = ask(person.client, "GET", page)
            for value in values:
                tried("S10", len(HEADERS))
                answer = ask(person.client, "GET", page, headers=dict.fromkeys(HEADERS, value))
                assert answer.status_code == usual.status_code, f"{person.name} {page} {value}"
                assert steady(answer) == steady(usual)


@pytest.mark.parametrize("address", WRITES, ids=str)
def test_s31_a_form_from_elsewhere_changes_nothing(address: Address, shared_world: World, tried: Tried) -> None:
    """Without the token of our own page, with another's, as plain text, and with a foreign Origin, every write is refused."""
    if getattr(address.view, "csrf_exempt", False):
        assert address.name in {"csp-report", "telephone-events"}
        return
    path = address.path(shared_world.values(address))
    may = [each for each in shared_world.everybody if address.rule and address.rule.who("POST") in each.may]
    with nothing_written(f"POST {path}"):
        for number, person in enumerate(may):
            client = Client(enforce_csrf_checks=True)
            client.cookies = person.client.cookies
            plain, *others = _foreign_forms().items()
            in_turn = others[(WRITES.index(address) + number) % len(others)]
            for what, more in [plain, *others] if IS_LONG else [plain, in_turn]:
                tried("S31")
                answer = client.post(path, **more)
                assert answer.status_code == 403, f"{person.name} POST {path} {what}: {answer.status_code}"


def _others(address: Address) -> tuple[str, ...]:
    """Two in turn: `make walls` tries all."""
    at = ADDRESSES.index(address)
    return OTHER_METHODS if IS_LONG else tuple(OTHER_METHODS[(2 * at + more) % len(OTHER_METHODS)] for more in (0, 1))


def _is_as_another(rule: Rule, method: str, person: Person, world: World) -> bool:
    """Whether the rule treats somebody else alike, who is asked instead: `make walls` asks both."""
    twin = next((each for each in world.everybody if each.name == TWINS.get(person.name)), None)
    who = rule.who(method)
    return twin is not None and (who in person.may) == (who in twin.may)


def _foreign_forms() -> dict[str, dict[str, Any]]:
    token = {"csrfmiddlewaretoken": "x" * 32}
    return {
        "without a token": {"data": {}},
        "with another's token": {"data": token},
        "from another origin": {"data": token, "headers": {"origin": "https://evil.example"}},
        "from nowhere": {"data": token, "headers": {"origin": "null"}},
        "as plain text": {"data": "csrfmiddlewaretoken=x&text=x", "content_type": "text/plain"},
        "as JSON": {"data": "{}", "content_type": "application/json", "headers": {"x-csrftoken": "x" * 32}},
    }


def _ids_of_a(world: World) -> list[str]:
    owned = (world.contact_a, world.contact_a.customer, world.ticket, world.message, world.file)
    return [
        *(str(each.public_id) for each in owned if each),
        *(str(each.pk) for each in owned if each),
        str(world.ticket.number),
    ]


def _headers(answer: HttpResponse) -> list[str]:
    return sorted(name for name, _value in answer.items())


def _is_refused(rule: Rule, path: str, method: str, person: Person) -> None:
    answer = ask(person.client, method, path)
    what = f"{person.name} {method} {path}: {answer.status_code} {answer.get('Location', '')}"
    assert is_refusal(answer, has_method=rule.who(method) is not None), what


def _is_let_in(rule: Rule, path: str, method: str, person: Person, *, exists: bool) -> None:
    with undone():
        answer = ask(person.client, method, path)
    who = rule.who(method)
    assert who is not None
    must_be_there = exists and person.name == "admin" and method == "GET"
    _let_in(answer, f"{person.name} {method} {path}", who, must_be_there=must_be_there)


def _let_in(answer: HttpResponse, what: str, who: Who, *, must_be_there: bool) -> None:
    status, to = answer.status_code, answer.get("Location", "")
    assert status < 500, f"{what}: {status}"
    assert status not in {401, 403, 405}, f"{what}: {status} for somebody who may"
    assert who is Who.ANYONE or not to.startswith(DOORS), f"{what}: sent to {to}"
    assert not must_be_there or status != 404, f"{what}: 404 for something that is there"
