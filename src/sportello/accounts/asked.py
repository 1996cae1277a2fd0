"""What somebody asked for and was refused, in words. The audit keeps it as "POST account_login" and 429, which no release may change."""

from __future__ import annotations

from functools import cache

from django.urls import get_resolver
from django.utils.translation import gettext, gettext_lazy

_NAMED = {
    "account_login": gettext_lazy("the sign-in of staff"),
    "mfa_authenticate": gettext_lazy("the second factor of staff"),
    "mfa_login_webauthn": gettext_lazy("the sign-in of staff by passkey"),
    "account_change_password": gettext_lazy("a new password of their own"),
    "account_reset_password": gettext_lazy("a mail link for a new password"),
    "account_reset_password_from_key": gettext_lazy("a new password by a mail link"),
    "account_reauthenticate": gettext_lazy("the proof of who they are"),
    "mfa_reauthenticate": gettext_lazy("the proof of who they are"),
    "mfa_reauthenticate_webauthn": gettext_lazy("the proof of who they are"),
}
_REASONS = {
    400: gettext_lazy("it could not be read"),
    403: gettext_lazy("not allowed, or a form that was too old or not ours"),
    404: gettext_lazy("not there, or not theirs"),
    429: gettext_lazy("too many tries"),
}


def asked_in_words(asked: str) -> str:
    """Of a method and the name of a view; places of ids in an address are dots."""
    method, _, view = asked.partition(" ")
    if view in _NAMED:
        return str(_NAMED[view])
    said = gettext("the page %(address)s") if method in {"GET", "HEAD"} else gettext("what was sent to %(address)s")
    return said % {"address": _address(view)}


def reason_in_words(status: object) -> str:
    return f"{_REASONS[status]} ({status})" if isinstance(status, int) and status in _REASONS else str(status)


@cache
def _address(view: str) -> str:
    """The name itself where this release has no such view."""
    *spaces, name = view.split(":")
    path, resolver = "/", get_resolver()
    for space in spaces:
        if space not in resolver.namespace_dict:
            return view
        more, resolver = resolver.namespace_dict[space]
        path += more
    for ways, _pattern, _defaults, _converters in resolver.reverse_dict.getlist(name):
        written, places = ways[0]
        filled: str = written % dict.fromkeys(places, "…")
        return path + filled
    return view
