"""What holds for every request: the person's language, the end of idle sessions, and the headers that protect the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from sportello.accounts.access import rule_of
from sportello.accounts.models import User
from sportello.accounts.rules import JUST_SIGNED_IN, NOTED_EVERY, STAFF_SESSION
from sportello.core import clock
from sportello.ui.failures import on_bad_request

Respond = Callable[[HttpRequest], HttpResponseBase]

BEGUN, ACTIVE = "begun_at", "active_at"

PERMISSIONS = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "microphone",
                "midi",
            )
        ),
        *(f"{feature}=()" for feature in ("browsing-topics", "payment", "usb", "serial", "hid", "screen-wake-lock")),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
        "clipboard-write=(self)",
    ]
)


def stamp_session(request: HttpRequest, *, now: datetime) -> None:
    """Note when somebody signed in."""
    request.session[BEGUN] = request.session[ACTIVE] = now.timestamp()


def just_signed_in(request: HttpRequest, *, now: datetime) -> bool:
    begun_at = request.session.get(BEGUN)
    return begun_at is not None and now.timestamp() - begun_at < JUST_SIGNED_IN.total_seconds()


class StaffSession:
    """Ends a session of staff that has been idle or open too long; what a page asks for by itself is no activity."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_arguments: Any) -> None:
        if not isinstance(request.user, User):
            return
        now = clock.now()
        begun_at, active_at = (self._noted(request, key, now) for key in (BEGUN, ACTIVE))
        if STAFF_SESSION.is_over(begun_at=begun_at, active_at=active_at, now=now):
            logout(request)
            return
        rule = rule_of(view)
        if not (rule and rule.background) and now - active_at > NOTED_EVERY:
            request.session[ACTIVE] = now.timestamp()

    def _noted(self, request: HttpRequest, key: str, now: datetime) -> datetime:
        return datetime.fromtimestamp(request.session.setdefault(key, now.timestamp()), UTC)


class PersonsLanguage:
    """Speaks the language that the signed-in member of staff has chosen, whatever the browser prefers."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            translation.activate(request.user.language)
        return self.get_response(request)


class OurHostOnly:
    """Files of the pages are served before Django looks at the Host; they, too, are ours under our name only."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.STATIC_URL):
            request.get_host()
        return self.get_response(request)


class NoZeros:
    """No text in the database holds a zero, and nobody types one: who sends it, in an address or in a form, is refused before any view asks."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_arguments: Any) -> HttpResponseBase | None:
        """After the check for forged requests, which has read the form; a view without that check reads what it is sent by itself."""
        sent = [request.GET] if getattr(view, "csrf_exempt", False) else [request.GET, request.POST]
        is_found = any("\x00" in text for given in sent for name in given for text in (name, *given.getlist(name)))
        return on_bad_request(request, SuspiciousOperation()) if is_found else None


class AnswerHeaders:
    """What Django has no setting for. Nothing that this application says may be kept by a cache, unless the view says otherwise."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
