"""Solved tickets like this one, unfolded beside it."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from sportello.accounts.models import User
from sportello.tickets import actions
from tests.factories.tickets import NOW, make_ticket

HOUR = timedelta(hours=1)


def test_what_solved_a_similar_ticket_is_shown_escaped_with_the_reasons(
    desk: Client, reader: Client, agent: User
) -> None:
    solved = make_ticket("Carrello bloccato", text="Il carrello di woocommerce non accetta ordini")
    actions.reply(ticket=solved, by=agent, text="Tolto <i>il plugin</i>.", seen_version=solved.version, now=NOW)
    actions.solve(ticket=solved, by=agent, now=NOW + HOUR)
    asked = make_ticket("Woocommerce: carrello fermo", text="Gli ordini non passano dal carrello")
    address = reverse("desk:similar", args=[asked.public_id])
    for browser in (desk, reader):
        page = browser.get(address).content.decode()
        assert f"#{solved.number} Carrello bloccato" in page
        assert "Tolto &lt;i&gt;il plugin&lt;/i&gt;." in page
        assert "the same software" in page
    assert address in desk.get(reverse("desk:ticket", args=[asked.public_id])).content.decode()


def test_it_is_said_when_there_is_none(desk: Client) -> None:
    page = desk.get(reverse("desk:similar", args=[make_ticket().public_id])).content.decode()
    assert "Nothing similar was solved so far." in page
