"""Who among the staff may. `by=None` is the program itself, which may everything that its callers let it."""

from __future__ import annotations

from django.utils.translation import gettext

from sportello.accounts.models import User
from sportello.core.errors import Refused


def can_write(by: User | None) -> bool:
    """Agents and administrators change things; who reads only, or was deactivated, does not."""
    return by is None or (by.is_active and by.may_write)


def check_can_write(by: User | None) -> None:
    """Raises Refused("read-only")."""
    if not can_write(by):
        raise Refused("read-only", gettext("This account can read but not change anything."))


def can_administer(by: User | None) -> bool:
    return by is None or (by.is_active and by.is_admin)


def check_can_administer(by: User | None) -> None:
    """Raises Refused("admin-only")."""
    if not can_administer(by):
        raise Refused("admin-only", gettext("Only administrators can do this."))
