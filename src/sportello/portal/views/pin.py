"""The support PIN: what a contact says on the telephone, so that staff know who they are [reach.phone]."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from sportello.accounts.access import allowed
from sportello.accounts.address import client_address
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.accounts.too_often import too_often
from sportello.core import clock
from sportello.portal.middleware import signed_in
from sportello.telephone.actions import make_pin
from sportello.telephone.queries import our_numbers, pin_until

PINS_MADE = Limit("support-pin-made", most=20, within=timedelta(days=1))


@allowed(get=Who.CONTACT, post=Who.CONTACT)
def pin(request: HttpRequest) -> HttpResponseBase:
    """Shown in the answer that makes it, and never again: whoever asks once more gets a new one."""
    contact, now, made = signed_in(request), clock.now(), ""
    if request.method == "POST":
        if not PINS_MADE.take(str(contact.pk), now=now):
            return too_often(request, PINS_MADE)
        made = make_pin(contact=contact, now=now, address=client_address(request))
    return render(
        request,
        "portal/pin.html",
        {"made": made, "numbers": our_numbers(), "until": pin_until(contact, now=now), "now": now},
    )
