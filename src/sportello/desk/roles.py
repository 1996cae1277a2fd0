"""The roles of staff: what each may do, and who has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sportello.accounts.enums import Role
from sportello.accounts.models import MAY_WRITE, User
from sportello.accounts.queries import staff_list

_EVERYBODY: Sequence[str | Promise] = (
    _("read every ticket, customer, service and mail"),
    _("search, and look at how the promise is kept"),
)
_WRITERS: Sequence[str | Promise] = (
    _("answer customers, write notes, and change the state of tickets"),
    _("take down calls and check support PINs"),
    _("enter and change customers, people, services and servers"),
    _("decide about held mail, and try mails again"),
)
_ADMINISTRATORS: Sequence[str | Promise] = (
    _("invite people, change their roles, and shut them out"),
    _("change mailboxes, hours, promised times, queues and the support policy"),
    _("switch sending on and off"),
    _("read the audit"),
)


@dataclass(frozen=True, slots=True)
class RoleLine:
    role: Role
    may: Sequence[str | Promise]
    people: Sequence[User]


def rights_of(role: Role) -> Sequence[str | Promise]:
    """In words, the most common first."""
    writes = _WRITERS if role in MAY_WRITE else ()
    return (*_EVERYBODY, *writes, *(_ADMINISTRATORS if role == Role.ADMIN else ()))


def roles_page() -> list[RoleLine]:
    """In one query; people who were shut out have no role any more."""
    found: Mapping[Role, list[User]] = {role: [] for role in Role}
    for person in staff_list():
        if person.is_active:
            found[Role(person.role)].append(person)
    return [RoleLine(role, rights_of(role), found[role]) for role in Role]
