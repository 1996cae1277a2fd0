"""The contact behind a request. Contacts have a session of their own, under a cookie of their own, that shares nothing with that of staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import translation

from sportello.accounts.actions import record
from sportello.accounts.address import client_address
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.rules import CONTACT_SESSION, NOTED_EVERY
from sportello.accounts.sessions import SessionStore
from sportello.core import clock
from sportello.customers.actions import hold
from sportello.customers.models import Contact
from sportello.customers.sessions import forget_session, note_session, saw_session
from sportello.customers.sign_in import contact_of_session
from sportello.portal.ended import written_while_signed_out
from sportello.tickets.actions import hold_for
from sportello.tickets.models import Ticket

PROVEN_FOR = timedelta(minutes=15)
CONTACT, ADDRESS, BEGUN, ACTIVE = "contact", "address", "begun_at", "active_at"
LISTED = "listed"
"""In a session that stands in the contact's list; those begun by a version without a list are put there when they are next seen."""


class ContactSession:
    """Sets `request.contact`. Whoever was withdrawn, or has been idle or signed in too long, is nobody from this request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = SessionStore(request.COOKIES.get(settings.PORTAL_COOKIE_NAME))
        contact = _contact_of(session, clock.now())
        request.contact_session = session  # type: ignore[attr-defined]
        request.contact = contact  # type: ignore[attr-defined]
        if contact and LISTED not in session:
            _list(request, session, contact)
        if contact and not isinstance(request.user, User):
            translation.activate(contact.language)
        response = self.get_response(request)
        _keep(session, request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_given: object
    ) -> HttpResponseBase | None:
        """What a contact wrote before they were signed out is not thrown away."""
        return None if contact_of(request) else written_while_signed_out(request, view)


def contact_of(request: HttpRequest) -> Contact | None:
    contact: Contact | None = getattr(request, "contact", None)
    return contact


def signed_in(request: HttpRequest) -> Contact:
    """The contact behind a request that `@allowed` let through."""
    contact = contact_of(request)
    if contact is None:
        raise PermissionDenied
    return contact


@contextmanager
def writing(request: HttpRequest, ticket: Ticket | None = None) -> Iterator[Contact]:
    """One transaction with what a contact writes: they, and the ticket that they write in, are held as they are now.

    Whoever was withdrawn or erased while this request was under way writes nothing more, and nothing where they may read no more. Raises
    PermissionDenied, Http404.
    """
    with transaction.atomic():
        contact = signed_in(request)
        hold(contact)
        if not contact.is_active:
            raise PermissionDenied
        if ticket is not None and not hold_for(contact, ticket):
            raise Http404
        yield contact


def begin_session(request: HttpRequest, contact: Contact, *, address_id: int | None, now: datetime) -> None:
    """Sign a contact in, under a new key, so that a key planted beforehand is worth nothing."""
    session = session_of(request)
    session.flush()
    session.update({CONTACT: contact.pk, ADDRESS: address_id, BEGUN: now.timestamp(), ACTIVE: now.timestamp()})
    session.set_expiry(int(CONTACT_SESSION.longest.total_seconds()))
    session.save()
    _list(request, session, contact)
    request.contact = contact  # type: ignore[attr-defined]
    audit(request, Act.SIGNED_IN, contact, now=now)


def end_session(request: HttpRequest) -> None:
    session = session_of(request)
    forget_session(session.session_key or "")
    session.flush()
    request.contact = None  # type: ignore[attr-defined]


def audit(request: HttpRequest, act: Act, contact: Contact | None, *, now: datetime) -> None:
    """A sign-in of customers, also one in vain, by name only when there is such a person: what else was typed may be a password.

    Not under the person's own history, which is for what was changed.
    """
    record(act=act, subject=contact.name if contact else "", by=None, now=now, address=client_address(request))


def session_key(request: HttpRequest) -> str:
    return session_of(request).session_key or ""


def has_just_signed_in(request: HttpRequest, *, now: datetime) -> bool:
    """Whether they proved who they are so lately that it need not be proved again before a change to how they sign in."""
    session = session_of(request)
    return now - datetime.fromtimestamp(session.get(BEGUN, 0), UTC) <= PROVEN_FOR


def session_of(request: HttpRequest) -> SessionBase:
    """What is kept for this browser, also before anybody has signed in."""
    session: SessionBase = request.contact_session  # type: ignore[attr-defined]  # put there by the middleware above
    return session


def _list(request: HttpRequest, session: SessionBase, contact: Contact) -> None:
    session[LISTED] = True
    note_session(
        contact=contact,
        key=session.session_key or "",
        address=client_address(request),
        agent=request.headers.get("User-Agent", ""),
        now=datetime.fromtimestamp(session[BEGUN], UTC),
    )


def _contact_of(session: SessionBase, now: datetime) -> Contact | None:
    if CONTACT not in session:
        return None
    begun_at, active_at = (datetime.fromtimestamp(session.get(key, 0), UTC) for key in (BEGUN, ACTIVE))
    contact = contact_of_session(session.get(CONTACT), session.get(ADDRESS))
    if contact is None or CONTACT_SESSION.is_over(begun_at=begun_at, active_at=active_at, now=now):
        session.flush()
        return None
    if now - active_at > NOTED_EVERY:
        session[ACTIVE] = now.timestamp()
        saw_session(key=session.session_key or "", now=now)
    return contact


def _keep(session: SessionBase, request: HttpRequest, response: HttpResponseBase) -> None:
    """Store what changed, and make the browser's cookie agree with it."""
    name = settings.PORTAL_COOKIE_NAME
    is_kept = bool(session.keys()) and (not session.modified or _saved(session))
    if session.modified and is_kept:
        options: dict[str, Any] = {
            "secure": settings.SESSION_COOKIE_SECURE,
            "httponly": True,
            "samesite": "Lax",
            "path": "/",
        }
        response.set_cookie(name, session.session_key or "", max_age=CONTACT_SESSION.longest, **options)
    elif name in request.COOKIES and not is_kept:
        response.delete_cookie(name, path="/", samesite="Lax")


def _saved(session: SessionBase) -> bool:
    """False when it was ended elsewhere while this request was under way: what was asked is answered, and the next request is nobody's."""
    try:
        session.save()
    except UpdateError:
        return False
    return True
