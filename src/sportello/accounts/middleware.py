"""What holds for every request: the person's language, the end of idle sessions, and the headers that protect the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import translation

from sportello.accounts.access import rule_of
from sportello.accounts.models import User
from sportello.accounts.rules import JUST_SIGNED_IN, NOTED_EVERY, STAFF_SESSION
from sportello.core import clock

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
    """No text in the database holds a zero, and nobody types one: what is sent in an address or in a form is read without them."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_arguments: Any) -> None:
        """After the check for forged requests, which has read the form; a view without that check reads what it is sent by itself."""
        request.GET = _without_zeros(request.GET)  # type: ignore[assignment]  # as immutable as the one that was read
        if not getattr(view, "csrf_exempt", False):
            request.POST = _without_zeros(request.POST)  # type: ignore[assignment]  # the same


def _without_zeros(given: QueryDict) -> QueryDict:
    if not any("\x00" in text for name in given for text in (name, *given.getlist(name))):
        return given
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        kept.setlist(name.replace("\x00", ""), [value.replace("\x00", "") for value in values])
    kept._mutable = False  # noqa: SLF001 - as Django leaves what it has read
    return kept


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
