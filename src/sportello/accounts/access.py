"""The rule that every address carries: who may ask for it, and by which method.

`@allowed` both enforces the rule and writes it on the view, where the test that replays every address as everybody finds it. A view without
a rule fails that test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from sportello.accounts.enums import Who
from sportello.accounts.models import User
from sportello.accounts.permissions import can_administer, can_write
from sportello.accounts.second_factor import has_second_factor
from sportello.core.postgresql.base import last_word

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

RULE_ATTRIBUTE = "access_rule"

LONGEST_BACK = 2_000  # characters; a longer address is nobody's bookmark, and a redirect has its bounds


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use which method.

    `background` marks what a page asks for by itself: it does not keep a session awake. `before_second_factor` marks the pages on which a second
    factor is set up, where the provider demands one.
    """

    methods: Mapping[str, Who]
    background: bool = False
    before_second_factor: bool = False

    def who(self, method: str | None) -> Who | None:
        """None when the address does not know the method."""
        return self.methods.get("GET" if method == "HEAD" else method or "")


def allowed(
    *, get: Who | None = None, post: Who | None = None, background: bool = False, before_second_factor: bool = False
) -> Callable[[View[P]], View[P]]:
    """Let in who may; send strangers to the door they came for, and answer 403 or 405 to the rest."""
    methods = {method: who for method, who in (("GET", get), ("POST", post)) if who is not None}
    rule = Rule(methods, background, before_second_factor)

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refusal = _refusal(request, rule)
            if refusal is not None:
                return refusal
            with _writing(request, rule):
                return view(request, *args, **kwargs)

        setattr(guarded, RULE_ATTRIBUTE, rule)
        return guarded

    return decorate


def as_one(view: View[P]) -> View[P]:
    """For what changes how somebody signs in: with its entry in the audit and the mail about it, or not at all, and in the session of before."""

    @wraps(view)
    def whole(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        before = request.session.session_key
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except DatabaseError:
            request.session = type(request.session)(before)
            raise

    return whole


def forgetting(response: HttpResponseBase) -> HttpResponseBase:
    """For an answer to who signs out: the browser forgets what it has kept of our pages and pictures."""
    response["Clear-Site-Data"] = '"cache"'
    return response


def proven(view: View[P]) -> View[P]:
    """For writes that touch the security of accounts: who has not just signed in proves once more who they are, and then goes on."""
    guarded: View[P] = reauthentication_required(allow_get=True, app="sportello.accounts")(view)
    return guarded


def rule_of(view: object) -> Rule | None:
    return getattr(view, RULE_ATTRIBUTE, None)


def staff(request: HttpRequest) -> User:
    """The member of staff behind a request that `@allowed` let through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _writing(request: HttpRequest, rule: Rule) -> AbstractContextManager[None]:
    """What somebody writes is committed only if they may still: their request may have waited long for a lock."""
    who = rule.who(request.method)
    if request.method != "POST" or who is None or who is Who.ANYONE:
        return nullcontext()
    if who is Who.CONTACT:
        return last_word(partial(_check_still_there, request.contact))  # type: ignore[attr-defined]  # put there by the portal's middleware
    return last_word(partial(_check_still, staff(request), who))


def _check_still_there(contact: Model) -> None:
    """Raises PermissionDenied for a contact who was withdrawn meanwhile."""
    rows = type(contact)._default_manager  # noqa: SLF001 - documented by Django; contacts themselves are a room above this one
    if not rows.filter(pk=contact.pk, is_active=True).exists():
        raise PermissionDenied


def _check_still(user: User, who: Who) -> None:
    """Raises PermissionDenied where somebody else took the right away meanwhile. What people do to their own account, `user` says."""
    now = User.objects.filter(pk=user.pk).first()
    if now is not None and (now.is_active, now.role) == (user.is_active, user.role):
        return
    if now is None or not now.is_active:
        raise PermissionDenied
    _check_role(now, who)


def _refusal(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    who = rule.who(request.method)
    if who is None:
        return HttpResponseNotAllowed(rule.methods, render_to_string("405.html", request=request))
    if who is Who.ANYONE:
        return None
    if who is Who.CONTACT:
        return None if getattr(request, "contact", None) else _to(request, "portal:sign-in")
    if not isinstance(request.user, User):
        return _to(request, "account_login")
    return _refusal_of_staff(request, request.user, who, rule)


def _refusal_of_staff(request: HttpRequest, user: User, who: Who, rule: Rule) -> HttpResponseBase | None:
    if settings.REQUIRE_SECOND_FACTOR and not rule.before_second_factor and not has_second_factor(user):
        return _to(request, "mfa_index")
    _check_role(user, who)
    return None


def _check_role(user: User, who: Who) -> None:
    """Raises PermissionDenied."""
    if who is Who.WRITER and not can_write(user):
        raise PermissionDenied(gettext("This account can read but not change anything."))
    if who is Who.ADMIN and not can_administer(user):
        raise PermissionDenied(gettext("Only administrators can do this."))


def _to(request: HttpRequest, name: str) -> HttpResponse:
    """To another page, and back to this one afterwards. A fragment of a page gets a bare 401, so that nothing that was typed is lost."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    here = request.get_full_path()
    back = f"?{urlencode({'next': here})}" if request.method == "GET" and len(here) <= LONGEST_BACK else ""
    return HttpResponseRedirect(f"{reverse(name)}{back}")
