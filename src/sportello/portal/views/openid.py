"""Sign-in at a provider of identities, where one is set (OpenID Connect)."""

from __future__ import annotations

from dataclasses import astuple
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from sportello.accounts.access import allowed
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.accounts.too_often import too_often
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers import openid
from sportello.portal.coming_in import came_in
from sportello.portal.middleware import contact_of, session_of

TRIED_FROM_NETWORK = Limit("portal-openid-network", most=40, within=timedelta(minutes=15))
_ASKED = "openid_asked"
_BACK_WITHIN = timedelta(minutes=15)


@allowed(get=Who.ANYONE)
def start(request: HttpRequest) -> HttpResponseBase:
    """Off to the provider. A link and no form: our content security policy lets no form lead to another house."""
    if not openid.is_offered():
        raise Http404
    if contact_of(request):
        return redirect("portal:home")
    if not TRIED_FROM_NETWORK.take(network_of(client_address(request)), now=clock.now()):
        return too_often(request, TRIED_FROM_NETWORK)
    try:
        address, asked = openid.begin(back=_back())
    except Refused as refused:
        return _refused(request, refused)
    session = session_of(request)
    session[_ASKED] = [*astuple(asked), request.GET.get("next", "")]
    session.set_expiry(int(_BACK_WITHIN.total_seconds()))
    return redirect(address)


@allowed(get=Who.ANYONE)
def back(request: HttpRequest) -> HttpResponseBase:
    """Back from there: once for each time that somebody went off."""
    if not openid.is_offered():
        raise Http404
    kept, now = session_of(request).pop(_ASKED, None), clock.now()
    if kept is None:
        return redirect("portal:sign-in")
    *asked, then = kept
    try:
        claims = openid.finish(
            asked=openid.Asked(*asked),
            state=request.GET.get("state", ""),
            code=request.GET.get("code", ""),
            issuer=request.GET.get("iss", ""),
            back=_back(),
        )
        owned = openid.owner_by_identity(claims, now=now)
    except Refused as refused:
        return _refused(request, refused)
    return came_in(request, owned.contact, address_id=owned.pk, then=then, now=now)


def _refused(request: HttpRequest, refused: Refused) -> HttpResponseBase:
    messages.error(request, refused.message)
    return redirect("portal:sign-in")


def _back() -> str:
    return f"{settings.PUBLIC_URL}{reverse('portal:openid-back')}"
