"""Named reads of staff, teams and the audit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Subquery

from sportello.accounts.enums import Act, Decided, Role
from sportello.accounts.models import MAY_WRITE, AuditEntry, PolicyViolation, StepDecided, Team, User, row_name
from sportello.core.addresses import as_kept
from sportello.core.arrays import is_any_of
from sportello.core.paging import Page, Place, instant, page_of

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def staff_list() -> QuerySet[User]:
    """Everybody, the active first; each with `has_second_factor`."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return (
        User.objects.select_related("team")
        .annotate(has_second_factor=Exists(factors))
        .order_by("-is_active", "name", "pk")
    )


_WRITERS = "SELECT id, public_id, name FROM accounts_user WHERE is_active AND role = ANY(%s) ORDER BY name, id"


@dataclass(frozen=True, slots=True)
class Writer:
    """A member of staff as they are offered to choose."""

    key: int
    public_id: UUID
    name: str


def writers() -> list[Writer]:
    """Who may write to customers, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [list(MAY_WRITE)])
        return [Writer(*row) for row in cursor.fetchall()]


def staff_by_id(public_id: UUID) -> User | None:
    return staff_list().filter(public_id=public_id).first()


def staff_by_address(address: str) -> User | None:
    """The active member of staff with this mail address, in whatever case."""
    return User.objects.filter(email__iexact=as_kept(address), is_active=True).first()


def is_active_staff(user_id: int) -> bool:
    return User.objects.filter(pk=user_id, is_active=True).exists()


def administrators() -> list[User]:
    return list(User.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk"))


def other_active_admins(user: User) -> bool:
    return User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk).exists()


def session_count(user: User) -> int:
    return int(UserSession.objects.filter(user=user).count())


def teams() -> QuerySet[Team]:
    """All teams with the number of their active `people`."""
    return Team.objects.annotate(people=Count("members", filter=Q(members__is_active=True))).order_by("name")


def team_by_id(team_id: int) -> Team | None:
    return teams().filter(pk=team_id).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What of the audit is asked for; empty means all. `since` and `until` are instants, the second not included."""

    act: str = ""
    person: str = ""  # their public id
    address: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit_page(chosen: AuditFilter, place: Place) -> Page[AuditEntry]:
    """The newest entries first, in one query. What no index answers is sought among those of the person and time in two."""
    is_sought = chosen.act or chosen.address or chosen.subject
    among = _audited(replace(chosen, act="", address="", subject="")) if is_sought else None
    return page_of(_audited(chosen), key="at", read=instant, place=place, among=among)


def lately_of(person: User, limit: int) -> list[AuditEntry]:
    """What somebody did and what was done to them, the newest first."""
    done = AuditEntry.objects.filter(actor=person).order_by("-at", "-id")[:limit]
    suffered = AuditEntry.objects.filter(subject=person.email).order_by("-id")[:limit]
    found = AuditEntry.objects.filter(Q(is_any_of("pk", done.values("pk"))) | Q(is_any_of("pk", suffered.values("pk"))))
    return list(found.select_related("actor").order_by("-at", "-id")[:limit])


def whole_audit(chosen: AuditFilter, *, most: int) -> Iterator[AuditEntry]:
    """The newest first, a portion at a time."""
    return _audited(chosen).order_by("-at", "-id")[:most].iterator(chunk_size=500)


def _audited(chosen: AuditFilter) -> QuerySet[AuditEntry]:
    who = Subquery(User.objects.filter(public_id=chosen.person).values("pk")) if chosen.person else None
    wanted = {
        "act": chosen.act,
        "actor_id": who,
        "address": chosen.address,
        "subject__icontains": chosen.subject,
        "at__gte": chosen.since,
        "at__lt": chosen.until,
    }
    given = {name: value for name, value in wanted.items() if value}
    return AuditEntry.objects.select_related("actor").filter(**given)


def history_of(row: Model, limit: int = 20) -> list[AuditEntry]:
    """What was done to a row, the newest first."""
    return list(AuditEntry.objects.filter(about=row_name(row)).select_related("actor").order_by("-id")[:limit])


def last_details(rows: Collection[Model]) -> dict[str, Mapping[str, Any]]:
    """The particulars of what was last done to each of these rows, by `row_name`."""
    names = [row_name(row) for row in rows]
    found = AuditEntry.objects.filter(about__in=names).order_by("about", "-id").distinct("about")
    return dict(found.values_list("about", "detail")) if names else {}


def decided_steps() -> dict[str, Decided]:
    """What was said of steps of the first hour."""
    return {step: Decided(decided) for step, decided in StepDecided.objects.values_list("step", "decided")}


def was_ever(acts: Collection[Act]) -> bool:
    """Whether any of these was ever done."""
    return AuditEntry.objects.filter(act__in=acts).exists()


def staff_at_work() -> list[User]:
    """Who writes to customers, by name."""
    return list(User.objects.filter(is_active=True, role__in=MAY_WRITE).order_by("name", "pk"))


def policy_violations(limit: int = 20) -> list[PolicyViolation]:
    """What browsers refused, the latest first."""
    return list(PolicyViolation.objects.order_by("-last_at")[:limit])
