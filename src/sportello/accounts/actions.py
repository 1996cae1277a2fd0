"""Writes to staff, teams and the audit. Each act of an administrator leaves its audit entry in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Model, Q
from django.utils.http import base36_to_int
from django.utils.translation import gettext

from sportello.accounts.enums import Act, Decided, Role, SetupStep
from sportello.accounts.models import AuditEntry, PolicyViolation, StepDecided, Team, User, row_name
from sportello.accounts.permissions import check_can_administer
from sportello.accounts.queries import other_active_admins
from sportello.core import live
from sportello.core.addresses import as_kept
from sportello.core.errors import Refused

VIOLATIONS_KEPT = 200
VIOLATION_FORGOTTEN_AFTER = timedelta(days=7)


def record(
    *,
    act: Act,
    subject: str,
    by: User | None,
    now: datetime,
    address: str | None,
    detail: dict[str, Any] | None = None,
    about: Model | None = None,
) -> AuditEntry:
    """Write one audit entry. `subject` is whom or what it was done to; control characters are taken out of it.

    What was done to a row is found again by the row, given as `about`.
    """
    plain = "".join(letter for letter in subject if letter.isprintable())[:200]
    row = row_name(about) if about else ""
    return AuditEntry.objects.create(
        at=now, actor=by, act=act, subject=plain, detail=detail or {}, address=address, about=row
    )


def record_changes(
    changes: Sequence[tuple[Act, Model, Mapping[str, Sequence[object]]]],
    *,
    by: User | None,
    now: datetime,
    why: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Audit entries of many rows that changed at once: of each column what was and is now, and what made it so."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            actor=by,
            act=act,
            subject="".join(letter for letter in str(row) if letter.isprintable())[:200],
            detail={**{name: [_told(value) for value in values] for name, values in changed.items()}, **why},
            about=row_name(row),
        )
        for act, row, changed in changes
    )


def change(row: Model, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Sets the columns of a row, without saving it; what was and is now, of those that changed, as an audit entry tells it."""
    changed = {}
    for name, value in values.items():
        before = getattr(row, name)
        setattr(row, name, value)
        if before != value:
            changed[name] = [_told(before), _told(value)]
    return changed


def _told(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    role: Role,
    by: User | None,
    now: datetime,
    address: str | None = None,
    team: Team | None = None,
    language: str = "it",
    password: str | None = None,
) -> User:
    """A new member of staff. Without a password they set one by a mail link.

    Raises Refused("address-not-valid"), Refused("address-taken").
    """
    check_can_administer(by)
    user = User(email=mail_address(email), name=name.strip(), role=role, team=team, language=language)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise _address_taken() from None
    record(act=Act.USER_CREATED, subject=user.email, by=by, now=now, address=address, detail={"role": role})
    return user


@transaction.atomic
def change_user(
    *,
    user: User,
    email: str,
    name: str,
    role: Role,
    team: Team | None,
    language: str,
    by: User,
    now: datetime,
    address: str | None,
) -> User:
    """Change who somebody is and what they may do; a new role counts from their next request.

    Raises Refused("last-admin"), Refused("address-not-valid"), Refused("address-taken").
    """
    check_can_administer(by)
    user = _locked(user, by)
    if role != Role.ADMIN:
        _check_not_last_admin(user)
    new = {"email": mail_address(email), "name": name.strip(), "role": role, "team": team, "language": language}
    changed = {field: value for field, value in new.items() if getattr(user, field) != value}
    detail = {field: [_plain(getattr(user, field)), _plain(value)] for field, value in changed.items()}
    _save(user, changed)
    _tell(by, user)
    if changed:
        record(act=Act.USER_CHANGED, subject=user.email, by=by, now=now, address=address, detail=detail)
    return user


@transaction.atomic
def change_own_settings(*, user: User, name: str, language: str, by: User) -> User:
    """What everybody may change about themselves: the name that customers read, and the language of the pages."""
    if user.pk != by.pk:
        raise Refused("not-yours", gettext("Everybody changes only their own settings."))
    _save(user, {"name": name.strip(), "language": language})
    return user


@transaction.atomic
def deactivate(*, user: User, by: User, now: datetime, address: str | None) -> None:
    """Shut somebody out: all their sessions end at once. Their name stays on what they wrote. Raises Refused("last-admin")."""
    check_can_administer(by)
    user = _locked(user, by)
    _check_not_last_admin(user)
    if user.is_active:
        _save(user, {"is_active": False})
        _tell(by, user)
        _end_sessions(user)
        record(act=Act.USER_DEACTIVATED, subject=user.email, by=by, now=now, address=address)


@transaction.atomic
def activate(*, user: User, by: User, now: datetime, address: str | None) -> None:
    check_can_administer(by)
    user = _locked(user, by)
    if not user.is_active:
        _save(user, {"is_active": True})
        record(act=Act.USER_ACTIVATED, subject=user.email, by=by, now=now, address=address)


@transaction.atomic
def reset_second_factors(*, user: User, by: User, now: datetime, address: str | None) -> None:
    """For who has lost the telephone or the key: removes every second factor and ends all sessions."""
    check_can_administer(by)
    removed, _ = Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    record(act=Act.FACTORS_RESET, subject=user.email, by=by, now=now, address=address, detail={"removed": removed})


@transaction.atomic
def end_sessions(*, user: User, by: User, now: datetime, address: str | None) -> int:
    """Sign somebody out everywhere; returns from how many browsers."""
    check_can_administer(by)
    ended = _end_sessions(user)
    record(act=Act.SESSIONS_ENDED, subject=user.email, by=by, now=now, address=address, detail={"sessions": ended})
    return ended


@transaction.atomic
def create_team(*, name: str, by: User | None, now: datetime, address: str | None = None) -> Team:
    """Raises Refused("team-name-taken")."""
    check_can_administer(by)
    team = _save_team(Team(name=name.strip()))
    record(act=Act.TEAM_CREATED, subject=team.name, by=by, now=now, address=address)
    return team


@transaction.atomic
def rename_team(*, team: Team, name: str, by: User, now: datetime, address: str | None) -> Team:
    """Raises Refused("team-name-taken")."""
    check_can_administer(by)
    before, team.name = team.name, name.strip()
    _save_team(team)
    record(act=Act.TEAM_RENAMED, subject=team.name, by=by, now=now, address=address, detail={"before": before})
    return team


@transaction.atomic
def remove_team(*, team: Team, by: User, now: datetime, address: str | None) -> None:
    """Its people and tickets stay, without a team."""
    check_can_administer(by)
    record(act=Act.TEAM_REMOVED, subject=team.name, by=by, now=now, address=address)
    team.delete()


@transaction.atomic
def decide_step(
    *, step: SetupStep, decided: Decided, by: User | None, now: datetime, address: str | None = None
) -> None:
    """A step of the first hour is right as it stands, or comes later. Nothing happens when that was said already."""
    check_can_administer(by)
    row, is_new = StepDecided.objects.select_for_update(no_key=True).get_or_create(
        step=step, defaults={"decided": decided, "at": now}
    )
    if not is_new and row.decided == decided:
        return
    row.decided, row.at = decided, now
    row.save()
    act = Act.STEP_CONFIRMED if decided == Decided.RIGHT else Act.STEP_PUT_OFF
    record(act=act, subject=step, by=by, now=now, address=address)


@transaction.atomic
def take_up_step(*, step: SetupStep, by: User, now: datetime, address: str | None) -> None:
    """What was said of it counts no more: its state comes from the facts again."""
    check_can_administer(by)
    if StepDecided.objects.filter(step=step).delete()[0]:
        record(act=Act.STEP_TAKEN_UP, subject=step, by=by, now=now, address=address)


def hold_account(coded: str) -> None:
    """Holds whom a mailed link names until the transaction ends, if there is such an account."""
    with suppress(ValueError, OverflowError):
        list(User.objects.select_for_update(no_key=True).filter(pk=base36_to_int(coded)).values_list("pk"))


def tell_session_ended(*, user: User) -> None:
    """Some session of theirs has ended: whoever streams to them looks again at once."""
    live.publish("session", user=user.pk)


def note_violation(*, page: str, directive: str, blocked: str, sample: str, now: datetime) -> None:
    """Count what a browser refused. At most VIOLATIONS_KEPT kinds are kept; a week without a new case frees the place."""
    key = {"page": page[:200], "directive": directive[:60], "blocked": blocked[:200]}
    seen = PolicyViolation.objects.filter(**key).update(count=F("count") + 1, last_at=now, sample=sample[:100])
    if seen:
        return
    PolicyViolation.objects.filter(last_at__lt=now - VIOLATION_FORGOTTEN_AFTER).delete()
    if PolicyViolation.objects.count() < VIOLATIONS_KEPT:
        row = PolicyViolation(**key, sample=sample[:100], first_at=now, last_at=now)
        PolicyViolation.objects.bulk_create([row], ignore_conflicts=True)


def _locked(user: User, by: User) -> User:
    """With all administrators: of two who take each other's right at the same moment, the second finds nobody but the first left."""
    rows = User.objects.filter(Q(pk=user.pk) | Q(role=Role.ADMIN, is_active=True)).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update(no_key=True)}[user.pk]
    if found == by:
        check_can_administer(found)
    return found


def _tell(by: User, user: User) -> None:
    """Who has changed their own account knows what they may by now, so that this is not taken for a right that others took from them."""
    if by == user:
        by.role, by.is_active = user.role, user.is_active


def _check_not_last_admin(user: User) -> None:
    if user.is_admin and user.is_active and not other_active_admins(user):
        raise Refused("last-admin", gettext("This is the last administrator: make somebody else one first."))


def _save(user: User, changed: dict[str, Any]) -> None:
    for field, value in changed.items():
        setattr(user, field, value)
    try:
        with transaction.atomic():
            user.save(update_fields=list(changed))
    except IntegrityError:
        raise _address_taken() from None


def _save_team(team: Team) -> Team:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise Refused("team-name-taken", gettext("There is a team with this name.")) from None
    return team


def _end_sessions(user: User) -> int:
    sessions = UserSession.objects.filter(user=user)
    tell_session_ended(user=user)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    return int(sessions.delete()[0])


def mail_address(email: str) -> str:
    """As it is kept. Raises Refused("address-not-valid")."""
    address = as_kept(email)
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("address-not-valid", gettext("This is not a mail address.")) from None
    return address


def _address_taken() -> Refused:
    return Refused("address-taken", gettext("There is an account with this mail address."))


def _plain(value: object) -> str:
    return "" if value is None else str(value)
