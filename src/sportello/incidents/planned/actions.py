"""Planning maintenance, changing it, calling it off, and telling those whom it hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.core.twins import one_at_a_time
from sportello.customers.models import Contact
from sportello.incidents.enums import NoticeKind
from sportello.incidents.models import Announcement, Maintenance, MaintenanceNotice
from sportello.incidents.planned import letters, queries, rules
from sportello.incidents.planned.rules import Trouble, Window
from sportello.mail.models import Mailbox
from sportello.mail.queries.mailboxes import mailbox_for_notices
from sportello.services.actions import Quiet, set_quiet
from sportello.services.models import Server, Service

TOLD_AT_ONCE = 20
"""In one transaction."""
ROUNDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is entered."""

    title_it: str
    title_en: str
    text_it: str
    text_en: str
    starts_at: datetime
    ends_at: datetime
    servers: Sequence[Server]
    services: Sequence[Service] = ()
    is_public: bool = True

    @property
    def window(self) -> Window:
        return Window(self.starts_at, self.ends_at)


def plan_maintenance(*, plan: Plan, by: User, now: datetime, address: str | None = None) -> Maintenance:
    """Its customers are told by a job, two minutes later. In its window its services are quiet. The same planned twice is one, and told of once.

    Raises Refused: "nothing-hit", "window-ends-first", "window-past", "window-too-long".
    """
    check_can_write(by)
    _check(plan, now)
    with transaction.atomic():
        twin = _planned_already(plan)
        if twin is not None:
            return twin
        maintenance = Maintenance.objects.create(**_columns(plan), planned_at=now, planned_by=by)
        _hit(maintenance, plan, now)
        _plan_notices(maintenance, NoticeKind.PLANNED, now)
        record(act=Act.MAINTENANCE_PLANNED, subject=plan.title_en, by=by, now=now, address=address, about=maintenance)
    return maintenance


def change_maintenance(
    *, maintenance: Maintenance, plan: Plan, by: User, now: datetime, address: str | None, seen_version: int
) -> None:
    """A new window, or something else that is hit, is told to everybody; a text that was put right is not.

    Raises Refused: those of `plan_maintenance`, "maintenance-over", "changed-meanwhile".
    """
    check_can_write(by)
    _check(plan, now)
    with _changing(maintenance, now):
        if maintenance.version != seen_version:
            raise Refused("changed-meanwhile", _("Somebody has changed it meanwhile. Look at it again."))
        concerns = _concerning(maintenance) != (plan.window, _keys(plan.servers), _keys(plan.services))
        for name, value in _columns(plan).items():
            setattr(maintenance, name, value)
        maintenance.version += 1
        maintenance.save()
        _hit(maintenance, plan, now)
        if concerns:
            _plan_notices(maintenance, NoticeKind.CHANGED, now)
        record(act=Act.MAINTENANCE_CHANGED, subject=plan.title_en, by=by, now=now, address=address, about=maintenance)


def call_off(*, maintenance: Maintenance, by: User, now: datetime, address: str | None) -> None:
    """Who was told of it is told so; nobody else is. Raises Refused("maintenance-over")."""
    check_can_write(by)
    with _changing(maintenance, now):
        maintenance.cancelled_at = now
        maintenance.version += 1
        maintenance.save()
        set_quiet(source=maintenance.public_id, quiet=None, now=now)
        _plan_notices(maintenance, NoticeKind.CALLED_OFF, now)
        record(
            act=Act.MAINTENANCE_CALLED_OFF,
            subject=maintenance.title_en,
            by=by,
            now=now,
            address=address,
            about=maintenance,
        )


def tell_maintenance(*, now: datetime) -> int:
    """Tells everybody who is to be told something now, in portions; how many. Safe to run twice and in several workers at once."""
    told = 0
    for notice_id in queries.due_notices(now):
        for _round in range(ROUNDS):
            some = _tell_some(notice_id, now)
            told += some
            if some < TOLD_AT_ONCE:
                break
    return told


@contextmanager
def _changing(maintenance: Maintenance, now: datetime) -> Iterator[None]:
    with transaction.atomic():
        maintenance.refresh_from_db(from_queryset=Maintenance.objects.select_for_update(no_key=True))
        if maintenance.cancelled_at is not None or maintenance.ends_at <= now:
            raise Refused("maintenance-over", _("This maintenance is over."))
        yield


def _check(plan: Plan, now: datetime) -> None:
    found = rules.trouble(plan.window, hits_something=bool(plan.servers or plan.services), now=now)
    if found is not None:
        raise _refused(found)


def _refused(found: Trouble) -> Refused:
    match found:
        case Trouble.NOTHING_HIT:
            return Refused("nothing-hit", _("Say which servers or services are hit."))
        case Trouble.ENDS_FIRST:
            return Refused("window-ends-first", _("It must end after it begins."))
        case Trouble.PAST:
            return Refused("window-past", _("This time has passed already."))
        case Trouble.TOO_LONG:
            return Refused("window-too-long", _("Longer than fourteen days is no maintenance window."))


def _columns(plan: Plan) -> dict[str, str | datetime | bool]:
    texts = {name: getattr(plan, name).strip() for name in ("title_it", "title_en", "text_it", "text_en")}
    return {**texts, "starts_at": plan.starts_at, "ends_at": plan.ends_at, "is_public": plan.is_public}


def _planned_already(plan: Plan) -> Maintenance | None:
    """The same that is still to be, for the same servers and services."""
    columns = _columns(plan)
    one_at_a_time(columns)
    wanted = (plan.window, _keys(plan.servers), _keys(plan.services))
    rows = Maintenance.objects.filter(**columns, cancelled_at=None)
    return next((row for row in rows if _concerning(row) == wanted), None)


def _hit(maintenance: Maintenance, plan: Plan, now: datetime) -> None:
    maintenance.servers.set(plan.servers)
    maintenance.services.set(plan.services)
    quiet = Quiet(plan.servers, plan.services, plan.starts_at, plan.ends_at)
    set_quiet(source=maintenance.public_id, quiet=quiet, now=now)


def _concerning(maintenance: Maintenance) -> tuple[Window, set[int], set[int]]:
    hit = (set(rows.values_list("pk", flat=True)) for rows in (maintenance.servers, maintenance.services))
    return (Window(maintenance.starts_at, maintenance.ends_at), *hit)  # type: ignore[return-value]  # two of them


def _keys(rows: Sequence[Server] | Sequence[Service]) -> set[int]:
    return {row.pk for row in rows}


def _plan_notices(maintenance: Maintenance, kind: NoticeKind, now: datetime) -> None:
    """In place of what has not been told yet; who had only a part of it hears the rest as news."""
    maintenance.notices.filter(told_at=None).update(told_at=now)
    number = maintenance.notices.count()
    for each, due_at in rules.notices(kind, Window(maintenance.starts_at, maintenance.ends_at), now):
        number += 1
        MaintenanceNotice.objects.create(
            maintenance=maintenance, number=number, kind=each, due_at=due_at, created_at=now
        )


def _tell_some(notice_id: int, now: datetime) -> int:
    """How many people were gone through; fewer than TOLD_AT_ONCE when nobody is left."""
    mailbox = mailbox_for_notices()
    if mailbox is None:
        return 0
    with transaction.atomic():
        rows = MaintenanceNotice.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        notice = rows.select_related("maintenance").filter(pk=notice_id, told_at=None).first()
        if notice is None:
            return 0
        people = [] if _is_past(notice, now) else queries.still_to_tell(notice, TOLD_AT_ONCE)
        hit = queries.hit_of(notice.maintenance, people)
        for contact in people:
            _tell(notice, contact, mailbox, now, is_hit=contact.pk in hit)
        if len(people) < TOLD_AT_ONCE:
            _is_told(notice, now)
        return len(people)


def _tell(notice: MaintenanceNotice, contact: Contact, mailbox: Mailbox, now: datetime, *, is_hit: bool) -> None:
    before = getattr(contact, "was_told", None)
    knows = before is not None and before != NoticeKind.CALLED_OFF
    kind = rules.kind_for(NoticeKind(notice.kind), was_told=knows, is_hit=is_hit)
    if kind is not None:
        Announcement.objects.create(
            maintenance=notice.maintenance, contact=contact, version=notice.number, kind=kind, at=now
        )
        letters.tell(notice.maintenance, contact, kind, mailbox=mailbox, now=now)


def _is_told(notice: MaintenanceNotice, now: datetime) -> None:
    notice.told_at = now
    notice.save(update_fields=["told_at"])
    Maintenance.objects.filter(pk=notice.maintenance_id, announced_at=None).update(announced_at=now)


def _is_past(notice: MaintenanceNotice, now: datetime) -> bool:
    """Nobody needs to hear of what is over."""
    return notice.maintenance.ends_at <= now and notice.kind != NoticeKind.CALLED_OFF
