"""Who may, as far as tickets go. What the state of a ticket allows is in rules.py."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.accounts.permissions import can_write, check_can_write
from sportello.core.errors import Refused

__all__ = ["can_read", "can_undo", "can_write", "check_can_read", "check_can_undo", "check_can_write"]


def can_read(by: User) -> bool:
    """Every active member of staff sees every ticket."""
    return by.is_active


def check_can_read(by: User) -> None:
    """Raises Refused("inactive")."""
    if not can_read(by):
        raise Refused("inactive", _("This account was deactivated."))


def can_undo(by: User, author: User | None) -> bool:
    """Only who sent an answer takes it back."""
    return can_write(by) and author is not None and author.pk == by.pk


def check_can_undo(by: User, author: User | None) -> None:
    """Raises Refused("not-yours")."""
    if not can_undo(by, author):
        raise Refused("not-yours", _("Only the person who sent an answer can take it back."))
