"""Where a contact is signed in: a list beside Django's table of sessions, which does not say whose they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction

from sportello.customers.models import Contact, ContactSession, SignInLink

LONGEST_AGENT = 200


def note_session(*, contact: Contact, key: str, address: str | None, agent: str, now: datetime) -> None:
    """Puts a session on the list, once."""
    plain = "".join(letter for letter in agent if letter.isprintable())[:LONGEST_AGENT]
    row = {"contact": contact, "address": address, "agent": plain, "begun_at": now, "seen_at": now}
    ContactSession.objects.get_or_create(session_key=key, defaults=row)


def saw_session(*, key: str, now: datetime) -> None:
    ContactSession.objects.filter(session_key=key).update(seen_at=now)


def sessions_of(contact: Contact, *, now: datetime) -> list[ContactSession]:
    """Those that are open, the last begun first."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    return list(ContactSession.objects.filter(contact=contact, session_key__in=alive).order_by("-begun_at", "-pk"))


@transaction.atomic
def end_sessions(*, contact: Contact, but: str) -> int:
    """Ends every session of the contact except the one with this key; how many."""
    ending = ContactSession.objects.filter(contact=contact).exclude(session_key=but)
    Session.objects.filter(session_key__in=list(ending.values_list("session_key", flat=True))).delete()
    return ending.delete()[0]


@transaction.atomic
def shut_out(people: Collection[int]) -> None:
    """Of people who were withdrawn: nothing of before lets them in once they come back, neither a session nor a link on its way, nor any proof."""
    sessions = ContactSession.objects.filter(contact__in=people)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()
    SignInLink.objects.filter(contact__in=people, used_at=None).delete()
    for model in apps.get_models():
        if getattr(model, "PROVES_A_CONTACT", False):
            model._default_manager.filter(contact__in=people).delete()  # noqa: SLF001 - documented by Django


@transaction.atomic
def end_session(*, contact: Contact, pk: int) -> bool:
    """Ends one of the contact's sessions; False when there is none such of theirs."""
    session = ContactSession.objects.filter(contact=contact, pk=pk).first()
    if session is None:
        return False
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    return True


def forget_session(key: str) -> None:
    """It has ended: by signing out, or because it had lasted long enough."""
    ContactSession.objects.filter(session_key=key).delete()


def forget_old_sessions() -> int:
    """Removes the notes of sessions that are no more; how many."""
    return ContactSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]
