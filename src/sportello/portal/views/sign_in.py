"""In by a link that came by mail, and out again."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed, forgetting
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Act, Who
from sportello.accounts.limits import Limit
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.openid import is_offered
from sportello.customers.passwords import owner_of
from sportello.customers.queries import contact_by_address
from sportello.customers.sign_in import LINK_LASTS, contact_of_link, use_link
from sportello.portal.coming_in import came_in, own_page
from sportello.portal.forms import AddressForm
from sportello.portal.middleware import audit, contact_of, end_session
from sportello.portal.tasks import send_link_to

# Counted alike for addresses that are known and that are not, so that the limit tells nothing either. As long as strangers have used it up, a link
# that they had sent still works, since it lasts as long; and whoever uses one has the count begin anew: nobody can be locked out.
LINKS_FOR_ADDRESS = Limit("sign-in-link-address", most=2, within=LINK_LASTS)
LINKS_FROM_NETWORK = Limit("sign-in-link-network", most=20, within=timedelta(hours=1))
WRONG_FOR_ADDRESS = Limit("portal-password-address", most=10, within=timedelta(minutes=15))
WRONG_FROM_NETWORK = Limit("portal-password-network", most=30, within=timedelta(minutes=15))
LINKS_TRIED_FROM_NETWORK = Limit("sign-in-link-tried", most=60, within=timedelta(hours=1))


@allowed(get=Who.ANYONE)
def ticket_system(_request: HttpRequest) -> HttpResponseBase:
    """The address that a provider's public pages link to: the customers' area, which asks for sign-in and then goes on [reach.portal]."""
    return redirect("portal:home")


@allowed(get=Who.ANYONE, post=Who.ANYONE)
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for a link. Whether there is such a contact is looked up in a job: neither the answer nor its time tells."""
    if contact_of(request) and request.method == "GET":
        return redirect(own_page(request.GET.get("next", "")))
    form = AddressForm(
        request.POST if request.method == "POST" else None, initial={"next": request.GET.get("next", "")}
    )
    if not form.is_bound or not form.is_valid():
        return _page(request, form)
    if form.cleaned_data["password"] and request.POST.get("act") != "link":
        return _with_password(request, form)
    if not _may_ask(request, form.cleaned_data["address"]):
        form.add_error(
            None, gettext("This has been asked for too often. Look into your mail, or try again in half an hour.")
        )
        return _page(request, form, status=429)
    send_link_to.defer(
        address=form.cleaned_data["address"],
        then=own_page(form.cleaned_data["next"], otherwise=""),
        asked_at=clock.now().isoformat(),
    )
    return redirect("portal:sent")


@allowed(get=Who.ANYONE)
def sent(request: HttpRequest) -> HttpResponseBase:
    return render(request, "portal/sent.html")


@allowed(get=Who.ANYONE, post=Who.ANYONE)
def enter(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Follow a link. Opening it changes nothing, so that mail scanners that open links do not use it up: a person presses the button."""
    now = clock.now()
    if not LINKS_TRIED_FROM_NETWORK.take(network_of(client_address(request)), now=now):
        return render(request, "portal/link_over.html", status=429)
    if request.method == "GET":
        return _confirmation(request, secret)
    try:
        link = use_link(secret=secret, now=now)
    except Refused:
        return render(request, "portal/link_over.html", status=410)
    if link.address is not None:
        LINKS_FOR_ADDRESS.forget(link.address.address, now=now)
    return came_in(request, link.contact, address_id=link.address_id, then=request.POST.get("next", ""), now=now)


@allowed(post=Who.CONTACT)
def sign_out(request: HttpRequest) -> HttpResponseBase:
    audit(request, Act.SIGNED_OUT, contact_of(request), now=clock.now())
    end_session(request)
    return forgetting(redirect("portal:home"))


def _page(request: HttpRequest, form: AddressForm, *, status: int = 200) -> HttpResponseBase:
    named = settings.OPENID_NAME if is_offered() else ""
    return render(request, "portal/sign_in.html", {"form": form, "openid": named}, status=status)


def _with_password(request: HttpRequest, form: AddressForm) -> HttpResponseBase:
    """The same answer, in the same time, for a wrong password, an unknown address and a contact who was withdrawn.

    Strangers who try passwords shut nobody out: the link by mail is counted apart.
    """
    address, now = form.cleaned_data["address"], clock.now()
    guesses = ((WRONG_FOR_ADDRESS, address), (WRONG_FROM_NETWORK, network_of(client_address(request))))
    if not min([limit.take(key, now=now) for limit, key in guesses]):
        form.add_error(None, gettext("Too many tries. Ask for the link by mail, or try again in a quarter of an hour."))
        return _page(request, form, status=429)
    owned = owner_of(address=address, password=form.cleaned_data["password"])
    if owned is None:
        audit(request, Act.SIGN_IN_FAILED, contact_by_address(address), now=now)
        form.add_error(None, gettext("Address and password do not belong together. The link by mail always works."))
        return _page(request, form, status=422)
    for limit, key in guesses:
        limit.give_back(key, now=now)
    return came_in(request, owned.contact, address_id=owned.pk, then=form.cleaned_data["next"], now=now)


def _confirmation(request: HttpRequest, secret: str) -> HttpResponseBase:
    contact = contact_of_link(secret, now=clock.now())
    if contact is None:
        return render(request, "portal/link_over.html", status=410)
    return render(request, "portal/enter.html", {"contact": contact, "next": request.GET.get("next", "")})


def _may_ask(request: HttpRequest, address: str) -> bool:
    now = clock.now()
    of_network = LINKS_FROM_NETWORK.take(network_of(client_address(request)), now=now)
    return LINKS_FOR_ADDRESS.take(address, now=now) and of_network
