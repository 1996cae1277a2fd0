"""Every act of an administrator leaves an entry in the audit: who, what, when, from where. A new page fails here until it is in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from sportello.accounts.enums import Who
from sportello.accounts.models import AuditEntry, User
from sportello.core import clock
from sportello.mail.actions import outbound, sending
from sportello.mail.adapters.smtp import Kept
from sportello.mail.enums import OutboundKind
from sportello.mail.models import Sending
from sportello.privacy.enums import Ground
from sportello.privacy.enums import Kept as KeptOf
from sportello.triage.actions import CalendarFields, PolicyFields, create_calendar, create_policy
from sportello.triage.models import Calendar, Queue, SlaPolicy
from tests.factories.jobs import make_failed_job
from tests.factories.people import PASSWORD
from tests.walls.asking import undone
from tests.walls.urls import Address, every_address
from tests.walls.world import World

ADDRESS = "192.0.2.77"
PERSON = {"name": "Nuova Collega", "email": "nuova@provider.example", "role": "agent", "team": "", "language": "it"}
MAILBOX = {"address": "altra@provider.example", "display_name": "Altra", "purpose": "support", "is_active": "on"}
IMAP = {
    "host": "127.0.0.1",
    "port": "993",
    "tls": "on",
    "username": "info",
    "secret": "INFO",
    "folder": "INBOX",
    "since": "2026-11-01",
    "mode": "preview",
}
HOURS = {"name": "Sabato", "timezone": "Europe/Rome", "day_5": "9-13", "holidays_country": "IT"}
TIMES = {"name": "Lenti", "first_response": "30", "next_response": "90", "update": "300", "delay": "60"}
WORDING = {"text_it": "Si risponde.", "text_en": "We answer."}


def _queue(_world: World) -> dict[str, Any]:
    spare = Calendar.objects.exclude(pk=Queue.objects.get(slug="support").calendar_id).earliest("pk")
    return {"name_it": "Aiuto", "name_en": "Help", "calendar": spare.pk, "policy": SlaPolicy.objects.earliest("pk").pk}


def _held(world: World) -> dict[str, Any]:
    """A mail that waits for a word."""
    sending.switch_off(by=None, now=clock.now(), address=None)
    mail = outbound.enqueue(
        mailbox=world.mailbox,
        kind=OutboundKind.REPLY,
        to="laura@customer.example",
        subject="Re: sito",
        text="Fatto",
        language="it",
        now=clock.now(),
    )
    outbound.deliver(outbound_id=mail.pk, transport=Kept())
    return {"waiting": "send"}


def _held_while_on(world: World) -> dict[str, Any]:
    given = _held(world)
    Sending.objects.update(is_on=True)
    return given


def _deactivated(world: World) -> dict[str, Any]:
    User.objects.filter(pk=world.agent.pk).update(is_active=False)
    return {}


def _failed(_world: World) -> dict[str, Any]:
    make_failed_job("mail.deliver")
    return {"task": "mail.deliver"}


Form = Mapping[str, Any] | Callable[[World], Mapping[str, Any]]
FORMS: Mapping[str, Form] = {
    "desk:person-new": PERSON,
    "desk:teams": {"name": "Notturni"},
    "desk:team": {"name": "Diurni"},
    "desk:team-remove": {},
    "desk:person": {**PERSON, "role": "read_only"},
    "desk:person-deactivate": {},
    "desk:person-activate": _deactivated,
    "desk:person-invite-again": {},
    "desk:person-end-sessions": {},
    "desk:person-reset-second-factor": {},
    "desk:networks": {"network": "198.51.100.0/24", "note": "sala"},
    "desk:remove-network": {},
    "desk:new-mailbox": MAILBOX,
    "desk:edit-mailbox": MAILBOX,
    "desk:new-imap": IMAP,
    "desk:edit-imap": IMAP,
    "desk:look-imap": {},
    "desk:remove-imap": {},
    "desk:edit-queue": _queue,
    "desk:new-calendar": HOURS,
    "desk:edit-calendar": HOURS,
    "desk:remove-calendar": {},
    "desk:new-policy": TIMES,
    "desk:edit-policy": TIMES,
    "desk:remove-policy": {},
    "desk:edit-tag": {"name": "urgente davvero"},
    "desk:remove-tag": {},
    "desk:new-clause": {"code": "promise.weekend", **WORDING},
    "desk:edit-clause": WORDING,
    "desk:withdraw-clause": {},
    "desk:prove-mail": {},
    "desk:decide-step": {},
    "desk:provider": {"numbers": "06 1234567"},
    "desk:sending-on": _held,
    "desk:sending-off": {},
    "desk:switch-joining": {"on": "0"},
    "desk:do-failed-again": _failed,
    "desk:set-failed-aside": _failed,
    "desk:sending-decide": _held_while_on,
    "desk:ask-person-data": {},
    "desk:erase-person": lambda world: {"typed": str(world.contact_a.public_id)},
    "desk:keep-ticket": {"ground": Ground.values[0]},
    "desk:retention": {kind.name.lower(): "1000" for kind in KeptOf},
    "desk:domains": lambda world: {"domain": world.mailbox.address.partition("@")[2]},
}
"""What an administrator fills in, by the name of the address."""


ELSEWHERE = {"desk:imports", "desk:try-import", "desk:go-import", "desk:stop-import", "desk:sync"}
"""An import is an entry when it is carried out; its file, its trials and who began it stand on its own page (tests/imports)."""


def _spare_calendar() -> int:
    fields = CalendarFields(name="Spare", timezone="Europe/Rome", always_open=True, weekly={}, holidays_country="")
    return create_calendar(fields=fields, by=None, now=clock.now(), address=None).pk


def _spare_policy() -> int:
    fields = PolicyFields(name="Spare", first_response=9, next_response=9, update=9, delay=9)
    return create_policy(fields=fields, by=None, now=clock.now(), address=None).pk


INSTEAD: Mapping[str, Callable[[], Any]] = {
    "desk:remove-calendar": _spare_calendar,
    "desk:remove-policy": _spare_policy,
}
"""Rows that nothing uses, for what may not be removed while it is used."""


def _acts() -> list[Address]:
    admins = [each for each in every_address() if each.rule and each.rule.who("POST") is Who.ADMIN]
    return [each for each in admins if str(each) not in ELSEWHERE]


def test_every_act_of_administrators_is_known_here() -> None:
    assert sorted(FORMS) == sorted(str(each) for each in _acts())


@pytest.mark.parametrize("name", sorted(FORMS))
def test_an_act_is_in_the_audit_with_who_and_from_where(name: str, shared_world: World, settings: Settings) -> None:
    settings.SECRETS = {"INFO": "open sesame"}
    address = next(each for each in _acts() if str(each) == name)
    browser = Client(REMOTE_ADDR=ADDRESS)
    with undone():
        browser.post("/account/login/", {"login": shared_world.admin.email, "password": PASSWORD})
        values = {**shared_world.values(address), **({"pk": INSTEAD[name]()} if name in INSTEAD else {})}
        form = FORMS[name]
        filled = form(shared_world) if callable(form) else form
        last = AuditEntry.objects.latest("pk").pk
        answer = browser.post(address.path(values), filled)
        written = AuditEntry.objects.filter(pk__gt=last)
        assert written.exists(), f"{answer.status_code}: nothing was written"
        assert {(entry.actor_id, entry.address) for entry in written} == {(shared_world.admin.pk, ADDRESS)}
