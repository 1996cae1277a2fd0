"""What is not at the front door: search, counts, files, drafts and the live stream (S11), guessed tokens (S12), fields no form has (S13),
internal words (S15), and who really wrote (S47)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from sportello.accounts.enums import Role, Who
from sportello.core import clock
from sportello.core.ids import public_id
from sportello.customers.invitations import invitation_of_secret
from sportello.customers.sign_in import contact_of_link
from sportello.desk import foreign, live
from sportello.mail import tokens
from sportello.mail.models import OutboundMail
from sportello.portal.views.tickets import MESSAGES, SEARCHES
from sportello.tickets import actions
from sportello.tickets.actions.following import accept_copy, follow, remove_contact
from sportello.tickets.enums import DraftKind
from sportello.tickets.models import Attachment, Draft, Message, Ticket
from tests.conftest import Tried
from tests.factories import make_contact, make_message, make_team, make_ticket, make_user
from tests.walls.asking import ask, nothing_written, steady, undone
from tests.walls.hostile.forms import Site
from tests.walls.hostile.pages import text_of
from tests.walls.hostile.tally import IS_LONG
from tests.walls.urls import Address, every_address
from tests.walls.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600 if IS_LONG else 300)]

SECRET, BESIDE = "Zarathustra", "Bombarda"
"""A word that is looked for, and so stands on the page of what was found, and one that nobody looks for."""
INTERNAL = "Quetzalcoatl"
OF_CUSTOMERS = frozenset({Who.ANYONE, Who.CONTACT})
GUESSES = 1_000 if IS_LONG else 60


def doors_of(world: World, site: Site) -> list[str]:
    """Every page that a customer may open, of A's things where it names any; and whatever of A's ticket might be asked for."""
    words = (
        SECRET,
        "Anna",
        str(world.ticket.number),
        f"%23{world.ticket.number}",
        "a.txt",
        world.contact_a.addresses.get().address,
        "%25",
        "*",
        "",
    )
    return [
        reverse("portal:home"),
        *(f"{reverse('portal:requests')}?page={page}" for page in ("0", "2", "-1", "99999", "x")),
        *(f"{reverse('portal:search')}?q={word}" for word in words),
        *(path for address, path in site.paths("GET") if address.rule and address.rule.who("GET") in OF_CUSTOMERS),
    ]


def test_s11_no_side_door_shows_anothers_ticket(shared_world: World, site: Site, tried: Tried) -> None:
    make_message(shared_world.ticket, f"{SECRET} e {BESIDE}", now=clock.now())
    number = str(shared_world.ticket.number)
    for who, contact in shared_world.strangers().items():
        browser = shared_world.customer(contact)
        for door in doors_of(shared_world, site):
            tried("S11")
            with undone():
                shown = text_of(ask(browser, "GET", door))
            assert BESIDE not in shown, f"{who} {door}"
            assert f"#{number}</span>" not in shown, f"{who} {door}"
            assert str(shared_world.ticket.public_id) not in shown, f"{who} {door}"


def test_s11_the_owner_does_see_it_so_the_test_above_can_fail(shared_world: World) -> None:
    make_message(shared_world.ticket, f"{SECRET} e {BESIDE}", now=clock.now())
    found = ask(shared_world.customer(shared_world.contact_a), "GET", f"{reverse('portal:search')}?q={SECRET}")
    assert str(shared_world.ticket.public_id) in found.content.decode()


def test_s11_after_a_follower_was_removed_every_door_is_shut(shared_world: World, tried: Tried) -> None:
    make_message(shared_world.ticket, f"{SECRET} e {BESIDE}", now=clock.now())
    friend = make_contact("Franca", customer=shared_world.contact_a.customer)
    accept_copy(ticket=shared_world.ticket, contact=friend, by=shared_world.agent, now=clock.now())
    browser = shared_world.customer(friend)
    paths = [
        reverse("portal:ticket", args=[shared_world.ticket.public_id]),
        reverse("portal:file", args=[shared_world.file.public_id]),
    ]
    assert [ask(browser, "GET", path).status_code for path in paths] == [200, 200]
    remove_contact(ticket=shared_world.ticket, contact=friend, by=shared_world.agent, now=clock.now())
    tried("S11", len(paths) + 2)
    assert [ask(browser, "GET", path).status_code for path in paths] == [404, 404]
    assert BESIDE not in ask(browser, "GET", reverse("portal:home")).content.decode()
    assert (
        str(shared_world.ticket.public_id)
        not in ask(browser, "GET", f"{reverse('portal:search')}?q={SECRET}").content.decode()
    )


def test_s11_files_of_notes_and_drafts_are_not_the_customers(shared_world: World, tried: Tried) -> None:
    """Not even those of the customer's own ticket."""
    file = actions.NewFile("note.txt", "text/plain", b"internal")
    note = actions.add_note(
        ticket=shared_world.ticket, text=INTERNAL, by=shared_world.agent, now=clock.now(), attachments=[file]
    )
    draft = _draft(shared_world.ticket, shared_world.agent)
    actions.attach_to_draft(draft=draft, file=file)
    browser = shared_world.customer(shared_world.contact_a)
    for hidden in (*note.attachments.all(), *draft.attachments.all()):
        tried("S11")
        assert ask(browser, "GET", reverse("portal:file", args=[hidden.public_id])).status_code == 404


def test_s11_a_contact_has_no_live_stream(shared_world: World, tried: Tried) -> None:
    """Neither by the customers' cookie under its own name, nor under that of staff."""
    browser = shared_world.customer(shared_world.contact_a)
    assert ask(browser, "GET", reverse("portal:home")).status_code == 200
    key = browser.cookies[settings.PORTAL_COOKIE_NAME].value
    for name in (settings.PORTAL_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        tried("S11")
        assert _staff_behind(f"{name}={key}") is None
    staff = shared_world.staff(shared_world.agent)
    assert ask(staff, "GET", reverse("desk:queue")).status_code == 200
    key = staff.cookies[settings.SESSION_COOKIE_NAME].value
    assert _staff_behind(f"{settings.SESSION_COOKIE_NAME}={key}") == shared_world.agent, "else the above shows nothing"


def test_s12_public_ids_are_random_and_never_alike_for_equal_files(shared_world: World) -> None:
    equal = [shared_world._file(shared_world.message) for _ in range(2)]
    assert equal[0].sha256 == equal[1].sha256
    assert equal[0].public_id != equal[1].public_id
    collected = [public_id() for _ in range(1000)]
    assert len(set(collected)) == 1000
    assert {each.version for each in collected} == {4}
    firsts = [each.int >> 96 for each in collected]
    assert firsts != sorted(firsts)


def test_s12_ten_thousand_guesses_find_nothing(shared_world: World, tried: Tried) -> None:
    """Where tokens are read; and a part of them over the pages that read them, below."""
    now = clock.now()
    good = foreign.token_of(shared_world.file, shared_world.agent)
    address = tokens.reply_address(shared_world.mailbox, str(shared_world.ticket.public_id))
    local, _, domain = address.partition("@")
    tried("S12", 10_000)
    for _ in range(4000):
        assert foreign.enclosed_picture(good[:-6] + secrets.token_urlsafe(4)[:6]) is None
    for _ in range(5600):
        assert tokens.reference_in(f"{local[:-12]}{secrets.token_hex(6)}@{domain}") is None
    for _ in range(200):
        assert contact_of_link(secrets.token_urlsafe(32), now=now) is None
        assert invitation_of_secret(secrets.token_urlsafe(32), now=now) is None


def test_s12_guessed_ids_open_no_page(shared_world: World, tried: Tried) -> None:
    browser = shared_world.customer(shared_world.contact_b)
    for _ in range(GUESSES):
        tried("S12", 2)
        assert ask(browser, "GET", f"/portal/tickets/{uuid4()}/").status_code == 404
        assert ask(browser, "GET", f"/portal/files/{uuid4()}/").status_code == 404


def test_s12_ten_thousand_guesses_of_every_kind_meet_no_row(shared_world: World, tried: Tried) -> None:
    """What is looked up by an id or by the hash of a secret: half of the guesses at random, half beside what is there."""
    for name in ("drops", "confirm", "orders", "invited", "enter"):
        shared_world._objects[name](None)  # type: ignore[arg-type]  # none of these looks at the parameter
    asked: dict[str, bool] = {}
    for model in apps.get_models():
        columns = {field.name for field in model._meta.concrete_fields}
        rows = model._base_manager
        for column in columns & {"public_id", "secret_sha256"}:
            known = rows.order_by("pk").values_list(column, flat=True).first()
            guesses = _ids_beside(known) if column == "public_id" else _hashes_of_guesses()
            assert not rows.filter(**{f"{column}__in": guesses}).exists()
            asked[f"{model.__name__}.{column}"] = known is not None
            tried("S12", len(guesses))
    wanted = {
        "Ticket",
        "Message",
        "Attachment",
        "Contact",
        "Customer",
        "Service",
        "Drop",
        "Order",
        "Enquiry",
        "Download",
        "HeldFile",
    }
    assert wanted <= {name.removesuffix(".public_id") for name in asked}
    secret = {f"{name}.secret_sha256" for name in ("SignInLink", "Invitation", "AddressLink")}
    assert {name for name in secret if asked[name]} == secret


def _ids_beside(known: UUID | None) -> list[UUID]:
    beside = known or uuid4()
    return [*(UUID(int=(beside.int + step) % 2**128) for step in range(1, 5001)), *(uuid4() for _ in range(5000))]


def _hashes_of_guesses() -> list[str]:
    return [hashlib.sha256(secrets.token_urlsafe(32).encode()).hexdigest() for _ in range(10_000)]


GUESSED = [
    each
    for each in every_address()
    if each.rule
    and each.rule.who("GET") in OF_CUSTOMERS
    and each.parameters
    and each.route.startswith(("portal", "pre"))
]
GUESS: Mapping[str, Callable[[], object]] = {
    "uuid": uuid4,
    "str": lambda: str(uuid4()),
    "int": lambda: secrets.randbelow(10**9) + 10**6,
}


@pytest.mark.parametrize("address", GUESSED, ids=str)
def test_s12_guesses_at_every_kind_of_page_look_alike(shared_world: World, tried: Tried, address: Address) -> None:
    browser = shared_world.customer(shared_world.contact_b)
    answers = set()
    for _ in range(20):  # of links so many more are refused for an hour, which is another answer
        tried("S12")
        path = address.path({each.name: GUESS[each.converter]() for each in address.parameters})
        answer = ask(browser, "GET", path)
        answers.add((answer.status_code, steady(answer, path, *path.split("/")[2:])))
    assert len(answers) == 1
    assert answers.pop()[0] in {404, 410}


def test_s12_a_guessed_session_is_nobodys(shared_world: World, tried: Tried) -> None:
    for _ in range(GUESSES):
        tried("S12", 2)
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = secrets.token_hex(16)
        browser.cookies[settings.PORTAL_COOKIE_NAME] = secrets.token_hex(16)
        assert browser.get("/desk/").status_code == 302
        assert browser.get("/portal/").status_code == 302


EXTRAS = {
    "is_staff": "1", "is_active": "0", "is_superuser": "1", "role": Role.ADMIN, "user": "1", "user_id": "1", "assignee": "1", "assignee_id": "1",
    "author": "staff", "contact": "1", "contact_id": "1", "customer": "1", "customer_id": "1", "status": "closed", "priority": "urgent",
    "is_outage": "1", "is_request": "0", "queue": "presales", "internal": "1", "bcc": "evil@evil.example", "cc": "evil@evil.example",
    "created_at": "2001-01-01T00:00:00Z", "at": "2001-01-01", "due_at": "2001-01-01", "id": "1", "pk": "1", "public_id": str(uuid4()),
    "number": "1", "merged_into": "1", "channel": "phone", "language": "en", "mailbox": "1", "html": "<b>x</b>", "version": "9", "by": "1",
}  # fmt: skip
"""Fields of the rows behind, which no form of a customer has."""


@pytest.mark.usefixtures("time_stands_still")  # since when the customer waits is compared, too
def test_s13_fields_that_no_form_has_change_nothing_in_a_customers_answer(shared_world: World, tried: Tried) -> None:
    browser, path = (
        shared_world.customer(shared_world.contact_a),
        reverse("portal:reply", args=[shared_world.ticket.public_id]),
    )
    rows = []
    for extras in ({}, EXTRAS):
        with undone():
            ask(browser, "POST", path, {**extras, "text": "Eccomi.", "once": str(uuid4())})
            rows.append(
                [_plain(Ticket, shared_world.ticket.pk), _plain(Message, shared_world.ticket.messages.latest("pk").pk)]
            )
    tried("S13", len(EXTRAS))
    assert rows[0] == rows[1]
    assert rows[0][1]["text"] == "Eccomi."


def test_s13_fields_that_no_form_has_change_nothing_in_a_note(shared_world: World, tried: Tried) -> None:
    browser = shared_world.staff(shared_world.agent)
    path = reverse("desk:note", args=[shared_world.ticket.public_id])
    ask(browser, "POST", path, {**EXTRAS, "text": "Solo per noi.", "seen_version": "1"})
    tried("S13", len(EXTRAS))
    note = shared_world.ticket.notes.get()
    assert (note.user, note.text) == (shared_world.agent, "Solo per noi.")
    assert note.created_at.year == clock.now().year
    shared_world.agent.refresh_from_db()
    assert (shared_world.agent.role, shared_world.agent.is_active) == (Role.AGENT, True)


def test_s15_internal_words_reach_no_customer(shared_world: World, tried: Tried) -> None:
    """Notes, tags, teams, followers of staff and their addresses, through answers, copies, joining, splitting and the portal."""
    ticket, now = shared_world.ticket, clock.now()
    agent = make_user("Aldo Agente", email=f"{INTERNAL.lower()}@provider.example", team=make_team(INTERNAL))
    actions.add_note(ticket=ticket, text=f"{INTERNAL}: cliente difficile", by=agent, now=now)
    actions.add_tag(ticket=ticket, name=INTERNAL.lower(), by=agent, now=now)
    actions.assign_team(ticket=ticket, to=agent.team, by=agent, now=now)
    follow(ticket=ticket, by=agent, now=now)
    friend = make_contact("Franca", customer=shared_world.contact_a.customer)
    accept_copy(ticket=ticket, contact=friend, by=agent, now=now)
    later = make_message(ticket, "Un'altra cosa: la posta.", now=now)
    new = actions.split(ticket=ticket, message=later, subject="La posta", by=agent, now=now)
    for each in (ticket, new):
        actions.reply(ticket=each, text="Guardiamo.", by=agent, now=now, seen_version=each.version, confirm_unseen=True)
    actions.merge(source=new, target=ticket, by=agent, now=now)
    mails = [str(row) for row in OutboundMail.objects.values()]
    assert mails
    pages = []
    for contact in (shared_world.contact_a, friend):
        browser = shared_world.customer(contact)
        paths = [reverse("portal:home"), *(reverse("portal:ticket", args=[each.public_id]) for each in (ticket, new))]
        pages += [ask(browser, "GET", path).content.decode() for path in paths]
        found = ask(browser, "GET", f"{reverse('portal:search')}?q={INTERNAL}").content.decode()
        assert str(ticket.public_id) not in found
    tried("S15", len(mails) + len(pages) + 2)
    assert not [words for words in (*mails, *pages) if INTERNAL.lower() in words.lower()]


def test_s47_nobody_touches_what_another_writes(shared_world: World, tried: Tried) -> None:
    """The administrator neither sends nor changes the agent's draft, nor takes its file or the agent's answer back; the keys stay too."""
    draft = _draft(shared_world.ticket, shared_world.agent)
    file = actions.attach_to_draft(draft=draft, file=actions.NewFile("a.txt", "text/plain", b"x"))
    answer = actions.reply(
        ticket=make_ticket(now=clock.now()), text="Guardiamo.", by=shared_world.agent, now=clock.now(), seen_version=0, confirm_unseen=True
    )  # fmt: skip
    other, ticket = shared_world.staff(shared_world.admin), shared_world.ticket.public_id
    ask(
        other,
        "POST",
        reverse("desk:reply-draft", args=[ticket]),
        {"text": "di un altro", "seen_version": "1", "user": shared_world.agent.pk},
    )
    ask(other, "POST", reverse("desk:reply-discard", args=[ticket]), {"user": shared_world.agent.pk})
    ask(other, "POST", reverse("desk:remove-file", args=[file.public_id]))
    ask(other, "POST", reverse("desk:undo", args=[answer.public_id]))
    tried("S47", 4)
    assert Draft.objects.get(pk=draft.pk).text == draft.text
    assert Attachment.objects.filter(pk=file.pk).exists()
    assert Message.objects.filter(pk=answer.pk).exists()
    assert SECRET not in ask(other, "GET", reverse("desk:ticket", args=[ticket])).content.decode()


def test_s47_a_passkey_is_its_owners(shared_world: World, tried: Tried) -> None:
    key, agent = shared_world._passkey(), shared_world.staff(shared_world.agent)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        for method in ("GET", "POST"):
            tried("S47")
            with nothing_written(name):
                assert ask(agent, method, reverse(name, args=[key]), {"name": "mine"}).status_code == 404


def test_s47_what_happened_stands_under_who_did_it(shared_world: World) -> None:
    agent, ticket = shared_world.staff(shared_world.agent), make_ticket(now=clock.now())
    said = {"by": shared_world.admin.pk, "user": shared_world.admin.pk}
    ask(agent, "POST", reverse("desk:take", args=[ticket.public_id]), said)
    assert ticket.events.latest("pk").user == shared_world.agent


def test_s43_a_customer_who_never_stops_is_asked_to_wait(
    shared_world: World, tried: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many messages and so many searches, and nobody else waits for it."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    noisy, calm = shared_world.customer(shared_world.contact_b), shared_world.customer(shared_world.contact_a)
    path = reverse("portal:reply", args=[shared_world.ticket_of_b.public_id])
    for limit in (MESSAGES, SEARCHES):
        for _ in range(limit.most - 5):
            limit.take(str(shared_world.contact_b.pk), now=now)
    answers = [ask(noisy, "POST", path, {"text": f"x{n}", "once": str(uuid4())}).status_code for n in range(10)]
    searches = [ask(noisy, "GET", f"/portal/search?q=x{n}").status_code for n in range(10)]
    tried("S43", len(answers) + len(searches))
    assert answers == [302] * 5 + [429] * 5
    assert searches == [200] * 5 + [429] * 5
    assert ask(calm, "GET", "/portal/search?q=x").status_code == 200


def _draft(ticket: Ticket, by: Any) -> Draft:
    return actions.save_draft(
        ticket=ticket,
        by=by,
        kind=DraftKind.REPLY,
        text=SECRET,
        base_version=ticket.version,
        tab="t",
        began_from=None,
        now=clock.now(),
    )


def _plain(model: Any, pk: int) -> dict[str, Any]:
    """A row without what is different each time."""
    row = model.objects.filter(pk=pk).values().get()
    different = ("id", "public_id", "search", "created_at", "updated_at")
    return {
        name: value
        for name, value in row.items()
        if name not in different and not name.endswith("_at") and name != "reasons"
    }


def _staff_behind(cookies: str) -> object:
    """Without closing the connection of the test's own transaction."""
    patch = pytest.MonkeyPatch()
    patch.setattr(connection, "close", lambda: None)
    try:
        return live.staff_of(cookies, clock.now())
    finally:
        patch.undo()
