"""From the first proof of who somebody is to their session: whoever has set up an authenticator app is asked for its code in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from sportello.accounts.access import View
from sportello.core import clock
from sportello.customers.models import Contact
from sportello.customers.second_factor import app_of
from sportello.customers.sign_in import contact_of_session
from sportello.portal.middleware import begin_session, has_just_signed_in, session_of

P = ParamSpec("P")
HALFWAY_LASTS = timedelta(minutes=10)
_HALFWAY = "halfway"


@dataclass(frozen=True, slots=True)
class Halfway:
    """Who has given the first proof, by which address, and where they wanted to go."""

    contact: Contact
    address_id: int | None
    then: str


def came_in(
    request: HttpRequest, contact: Contact, *, address_id: int | None, then: str, now: datetime
) -> HttpResponseBase:
    """After a password, a link or the sign-in of another house: in, or to the second step. Passkeys prove both at once and skip it."""
    if app_of(contact) is None:
        begin_session(request, contact, address_id=address_id, now=now)
        return redirect(own_page(then))
    session = session_of(request)
    session.flush()
    session[_HALFWAY] = [contact.pk, address_id, then, now.timestamp()]
    session.set_expiry(int(HALFWAY_LASTS.total_seconds()))
    return redirect("portal:code")


def halfway(request: HttpRequest, *, now: datetime) -> Halfway | None:
    """None for who has given no first proof, or too long ago, or was withdrawn since."""
    kept = session_of(request).get(_HALFWAY)
    if not kept:
        return None
    contact_id, address_id, then, at = kept
    contact = contact_of_session(contact_id, address_id)
    if contact is None or now - datetime.fromtimestamp(at, UTC) > HALFWAY_LASTS:
        return None
    return Halfway(contact, address_id, then)


def own_page(target: str, *, otherwise: str | None = None) -> str:
    """The page to go to: a path of the customers' area, or else its home."""
    home = reverse("portal:home")
    if target.startswith(home) and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return home if otherwise is None else otherwise


def proven_lately(view: View[P]) -> View[P]:
    """How somebody signs in is only changed right after signing in: who found an open session changes nothing. Inside of `@allowed`."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if has_just_signed_in(request, now=clock.now()):
            return view(request, *args, **kwargs)
        messages.error(request, gettext("Sign out and in again first: this is only changed right after signing in."))
        return redirect("portal:settings")

    return guarded
