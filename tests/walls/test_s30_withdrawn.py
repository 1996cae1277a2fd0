"""Whoever was withdrawn and comes back: nothing of before lets them in (S30)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from sportello.core import clock
from sportello.customers.actions import change_contact, fields_of
from sportello.customers.importing import end_contacts
from sportello.customers.models import Contact
from sportello.customers.sign_in import make_link
from tests.conftest import Tried
from tests.factories import make_contact, make_user
from tests.portal.test_tickets import browser

pytestmark = pytest.mark.django_db
HOME = reverse("portal:home")


def by_staff(contact: Contact) -> None:
    withdrawn = fields_of(contact, is_active=False)
    change_contact(contact=contact, fields=withdrawn, by=make_user(), now=clock.now(), address=None)


def by_a_list(contact: Contact) -> None:
    end_contacts([contact.pk], clock.now())


@pytest.mark.parametrize("withdraw", [by_staff, by_a_list])
def test_s30_neither_a_session_nor_a_link_of_before_lets_somebody_in_who_was_withdrawn_and_comes_back(
    withdraw: Callable[[Contact], None], tried: Tried
) -> None:
    """A fault found: both slept while their owner was withdrawn, and woke when somebody took that back."""
    nora, boss = make_contact("Nora"), make_user()
    signed_in, link = browser(nora), reverse("portal:enter", args=[make_link(contact=nora, now=clock.now())])
    assert signed_in.get(HOME).status_code == 200
    withdraw(nora)
    nora.refresh_from_db()
    back = fields_of(nora, is_active=True)
    change_contact(contact=nora, fields=back, by=boss, now=clock.now(), address=None)
    by_link = Client()
    by_link.post(link)
    tried("S30")
    assert (signed_in.get(HOME).status_code, by_link.get(HOME).status_code) == (302, 302)
    assert browser(nora).get(HOME).status_code == 200
