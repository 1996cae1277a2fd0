"""Who does something, when, and from where: what the desk tells to every action."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.http import HttpRequest

from sportello.accounts.access import staff
from sportello.accounts.address import client_address
from sportello.accounts.models import User
from sportello.core import clock


class Acting(TypedDict):
    """The arguments that actions with an audit entry take; `address` is the network address of the browser."""

    by: User
    now: datetime
    address: str | None


def acting(request: HttpRequest) -> Acting:
    return Acting(by=staff(request), now=clock.now(), address=client_address(request))
