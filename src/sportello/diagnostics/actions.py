"""A service is looked at: asked for, done once, written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from sportello.accounts.models import User
from sportello.core.ids import public_id
from sportello.diagnostics.adapters.looking import Subject, look
from sportello.diagnostics.adapters.vantage import PATIENT, Patience, Vantage, configured
from sportello.diagnostics.enums import Occasion, Sign
from sportello.diagnostics.models import Examination, Finding
from sportello.diagnostics.queries import latest_examination, subject_of, unfinished
from sportello.diagnostics.rules import Earlier, Facts, Judgement, Seen, judge, visible
from sportello.services.enums import ServiceKind, ServiceStatus, ServiceVerdict
from sportello.services.models import Service

LOST = timedelta(minutes=2)
"""A look lasts seconds: one that was begun so long ago is anybody's again."""
KEPT_FOR = timedelta(days=90)
FORGOTTEN_AT_ONCE = 1000
Looker = Callable[[Subject, Vantage, Patience], tuple[Seen, ...]]


def ask(*, service: Service, occasion: Occasion, now: datetime, by: User | None = None) -> Examination:
    """A look that waits to be done; the one that waits or runs already, where there is one."""
    ask_for_all(services=[service], occasion=occasion, now=now, by=by)
    return unfinished(service) or Examination.objects.filter(service=service).latest("pk")


def ask_for_all(*, services: Sequence[Service], occasion: Occasion, now: datetime, by: User | None = None) -> None:
    """The same for many services, in one statement."""
    rows = [
        Examination(public_id=public_id(), service=service, occasion=occasion, asked_by=by, asked_at=now)
        for service in services
    ]
    Examination.objects.bulk_create(rows, ignore_conflicts=True)


def examine(
    *,
    examination: Examination,
    now: datetime,
    is_reported: bool = False,
    is_quiet: bool = False,
    looker: Looker = look,
) -> bool:
    """Looks at the service and writes down what was seen. False when another does it, or has done it.

    The network is asked outside of any transaction. `is_quiet`: planned work is under way, so that a failure says nothing.
    """
    if not _claim(examination, now):
        return False
    service = Service.objects.select_related("server").get(pk=examination.service_id)
    before = latest_examination(service)
    subject = subject_of(service)
    seen = () if _is_settled(service) else looker(subject, configured(), _patience(before))
    judged = judge(_facts(service, subject, seen, now, before, is_reported=is_reported))
    _write(examination, judged, seen, now, is_quiet=is_quiet)
    return True


def forget_old(*, now: datetime) -> int:
    """Takes away what was seen long ago, in portions; how many looks."""
    old = Examination.objects.filter(finished_at__lt=now - KEPT_FOR).order_by("pk").values_list("pk", flat=True)
    keys = list(old[:FORGOTTEN_AT_ONCE])
    with transaction.atomic():
        Finding.objects.filter(examination__in=keys).delete()
        Examination.objects.filter(pk__in=keys).delete()
    return len(keys)


def _claim(examination: Examination, now: datetime) -> bool:
    rows = Examination.objects.filter(pk=examination.pk, finished_at=None)
    free = rows.filter(begun_at=None) | rows.filter(begun_at__lt=now - LOST)
    return bool(free.update(begun_at=now))


def _is_settled(service: Service) -> bool:
    """Closed by us, or ended: there is nothing to look at."""
    return service.status != ServiceStatus.ACTIVE


def _patience(before: Examination | None) -> Patience:
    """A page that hung at the last look is waited for as long as a visitor would."""
    return PATIENT if before is not None and before.sign == Sign.PAGE_HANGING else Patience()


def _facts(
    service: Service,
    subject: Subject,
    seen: tuple[Seen, ...],
    now: datetime,
    before: Examination | None,
    *,
    is_reported: bool,
) -> Facts:
    return Facts(
        kind=ServiceKind(service.kind),
        status=ServiceStatus(service.status),
        names=subject.names,
        seen=seen,
        now=now,
        ends_on=service.ends_on,
        earlier=_earlier(before),
        is_on_our_server=service.server_id is not None,
        is_reported=is_reported,
        site=subject.page.partition("/")[0],
        borrowed=subject.borrowed,
    )


def _earlier(before: Examination | None) -> Earlier | None:
    if before is None or before.finished_at is None:
        return None
    worked = before.verdict in (ServiceVerdict.FINE, ServiceVerdict.UNUSABLE_FOR_REPORTER)
    return Earlier(before.finished_at, before.family, before.failing_since, worked)


def _write(
    examination: Examination, judged: Judgement, seen: tuple[Seen, ...], now: datetime, *, is_quiet: bool
) -> None:
    examination.finished_at = max(now, examination.asked_at)
    examination.verdict, examination.rule = judged.verdict, judged.rule
    examination.sign = judged.sign or ""
    examination.params = _visible(judged.params)
    examination.blame = judged.blame
    examination.neighbours_tried, examination.neighbours_down = judged.neighbours.tried, judged.neighbours.down
    examination.family, examination.failing_since = judged.family, judged.failing_since
    if is_quiet and judged.verdict not in (ServiceVerdict.FINE, ServiceVerdict.NOT_OURS):
        examination.verdict, examination.rule = ServiceVerdict.UNKNOWN, "maintenance.planned"
    with transaction.atomic():
        examination.save()
        Finding.objects.bulk_create(_finding(examination, each) for each in seen)


def _finding(examination: Examination, seen: Seen) -> Finding:
    return Finding(
        examination=examination,
        probe=seen.probe,
        role=seen.role,
        target=visible(seen.target)[:500],
        sign=seen.sign,
        at=seen.at,
        name=seen.name[:253],
        address=seen.address[:100],
        milliseconds=seen.milliseconds,
        head=visible(seen.head),
        params=_visible(seen.params),
    )


def _visible(params: Mapping[str, str | int]) -> dict[str, str | int]:
    return {key: visible(value) if isinstance(value, str) else value for key, value in params.items()}
