"""How staff ask for a password: by the way that does not put it into a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

if TYPE_CHECKING:
    from sportello.tickets.models import Ticket


def way_to_hand_over(ticket: Ticket) -> str:
    """A sentence for an answer, in the customer's language, with the address of the page; who opens it signs in first."""
    address = settings.PUBLIC_URL + reverse("portal:secret", kwargs={"public_id": ticket.public_id})
    with translation.override(ticket.language):
        return gettext(
            "Please hand the password over here, not by mail; one of us sees it once, then it is gone:\n%(address)s"
        ) % {"address": address}
