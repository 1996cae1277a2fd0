"""Named reads of staff, teams and the audit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from sportello.accounts.enums import Decided, Role
from sportello.accounts.models import MAY_WRITE, AuditEntry, PolicyViolation, StepDecided, Team, User, row_name

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
    return User.objects.filter(email__iexact=address.strip(), is_active=True).first()


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


def audit(*, before: int | None = None, act: str = "", person: User | None = None, limit: int = 50) -> list[AuditEntry]:
    """The newest entries first; `before` is the id of the last one seen. One more than `limit` when there are older ones."""
    entries = AuditEntry.objects.select_related("actor").order_by("-id")
    if before is not None:
        entries = entries.filter(id__lt=before)
    if act:
        entries = entries.filter(act=act)
    if person is not None:
        entries = entries.filter(Q(actor=person) | Q(subject=person.email))
    return list(entries[: limit + 1])


def history_of(row: Model, limit: int = 20) -> list[AuditEntry]:
    """What was done to a row, the newest first."""
    return list(AuditEntry.objects.filter(about=row_name(row)).select_related("actor").order_by("-id")[:limit])


def decided_steps() -> dict[str, Decided]:
    """What was said of steps of the first hour."""
    return {step: Decided(decided) for step, decided in StepDecided.objects.values_list("step", "decided")}


def policy_violations(limit: int = 20) -> list[PolicyViolation]:
    """What browsers refused, the latest first."""
    return list(PolicyViolation.objects.order_by("-last_at")[:limit])
