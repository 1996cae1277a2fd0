"""Reads of planned maintenance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from sportello.core.paging import Page, Place, instant, page_of
from sportello.customers.enums import Notice
from sportello.customers.models import Contact, Membership
from sportello.incidents.enums import NoticeKind
from sportello.incidents.models import Announcement, Maintenance, MaintenanceNotice
from sportello.services.enums import ServiceStatus
from sportello.services.models import Service
from sportello.services.queries import quiet_until

NAMED = 10
"""Services named in one mail; of the rest only how many they are."""


def in_maintenance(service: Service, at: datetime) -> bool:
    """Whether planned work on this service, or on its server, is under way at that instant.

    Rooms below this one ask `services.queries.quiet_until`, which knows the windows and not who plans them.
    """
    return quiet_until(service, at) is not None


def maintenance_page(*, place: Place) -> Page[Maintenance]:
    """The latest window first, with how many have been told."""
    rows = Maintenance.objects.annotate(told=Count("announcements__contact", distinct=True))
    return page_of(rows, key="starts_at", read=instant, place=place)


def maintenance_by_id(public_id: UUID) -> Maintenance | None:
    rows = Maintenance.objects.select_related("planned_by").prefetch_related("servers", "services__customer")
    return rows.filter(public_id=public_id).first()


def notices_of(maintenance: Maintenance) -> list[MaintenanceNotice]:
    """With how many were `told` by each, the newest first."""
    told = dict(maintenance.announcements.order_by().values_list("version").annotate(n=Count("pk")))
    found = list(maintenance.notices.order_by("-number"))
    for notice in found:
        notice.told = told.get(notice.number, 0)  # type: ignore[attr-defined]  # for the page alone
    return found


def services_hit(maintenance: Maintenance) -> QuerySet[Service]:
    hit = Q(pk__in=maintenance.services.values("pk")) | Q(server__in=maintenance.servers.values("pk"))
    return Service.objects.exclude(status=ServiceStatus.ENDED).filter(hit)


def people_hit(maintenance: Maintenance) -> QuerySet[Contact]:
    """Those who may open requests or see all, of the customers hit; by belonging to one or by writing for it."""
    return Contact.objects.filter(_is_hit(maintenance), is_active=True)


def hit_of(maintenance: Maintenance, people: Sequence[Contact]) -> set[int]:
    """Whom of them it hits, by id."""
    return set(people_hit(maintenance).filter(pk__in=[each.pk for each in people]).values_list("pk", flat=True))


def how_many_hit(maintenance: Maintenance) -> tuple[int, int]:
    """Services and customers."""
    found = services_hit(maintenance).aggregate(services=Count("pk"), customers=Count("customer", distinct=True))
    return found["services"], found["customers"]


def _is_hit(maintenance: Maintenance) -> Q:
    customers = services_hit(maintenance).filter(customer__is_active=True).order_by().values("customer")
    beside, rights = Membership.objects.filter(customer__in=customers), Q(may_open=True) | Q(sees_all=True)
    return Q(rights, customer__in=customers) | Q(pk__in=beside.filter(rights).values("contact"))


def services_of_person(maintenance: Maintenance, contact: Contact) -> tuple[list[str], int]:
    """The names of the first services of theirs that are hit, and how many more there are."""
    names = _hit_of_person(maintenance, contact).order_by("name").values_list("name", flat=True)
    first = list(names[:NAMED])
    return first, names.count() - NAMED if len(first) == NAMED else 0


def customers_hit(maintenance: Maintenance, contact: Contact) -> list[int]:
    """Of those that they write for, by their keys."""
    hit = _hit_of_person(maintenance, contact).order_by("customer")
    return list(hit.values_list("customer", flat=True).distinct())


def _hit_of_person(maintenance: Maintenance, contact: Contact) -> QuerySet[Service]:
    own = Q(customer=contact.customer_id) | Q(customer__in=contact.memberships.values("customer"))
    return services_hit(maintenance).filter(own)


# -- who is to be told -------------------------------------------------------------------------------------------------
def due_notices(now: datetime) -> list[int]:
    """What is to be told now, by id."""
    return list(
        MaintenanceNotice.objects.filter(told_at=None, due_at__lte=now).order_by("pk").values_list("pk", flat=True)
    )


def still_to_tell(notice: MaintenanceNotice, limit: int) -> list[Contact]:
    """Of those hit, and of those who were told before that they are: who has not been told this, and wants mails of it.

    `was_told` is what they were told last; None or called off for those who know of nothing.
    """
    earlier = Announcement.objects.filter(contact=OuterRef("pk"), maintenance=notice.maintenance)
    people = Contact.objects.filter(is_active=True).exclude(muted__contains=[Notice.PLANNED])
    people = people.annotate(was_told=Subquery(earlier.order_by("-version").values("kind")[:1]))
    knows = Q(was_told__isnull=False) & ~Q(was_told=NoticeKind.CALLED_OFF)
    concerned = knows if notice.kind == NoticeKind.CALLED_OFF else knows | _is_hit(notice.maintenance)
    rows = people.filter(concerned).exclude(Exists(earlier.filter(version=notice.number)))
    return list(rows.select_related("customer").order_by("pk")[:limit])
