"""The queue page: rows in groups, as many of each as fit, with true counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sportello.accounts.models import User
from sportello.tickets import queries as tickets
from sportello.tickets.queries import Counts, QueueFilter, QueueRow, Scope
from sportello.triage.enums import QueueGroup
from sportello.triage.queries import QueueName, queue_names

ROWS_A_GROUP = 20
"""So many that five full groups weigh less than 20 kB on the wire."""
MOST_ROWS = 400
"""Rows of the one group that is shown in full; what lies behind them is counted, and reached by a filter."""

SCOPES = {
    Scope.ALL: gettext_lazy("All"),
    Scope.MINE: gettext_lazy("Mine"),
    Scope.UNASSIGNED: gettext_lazy("Unassigned"),
    Scope.TEAM: gettext_lazy("My team"),
    Scope.FOLLOWED: gettext_lazy("Followed"),
}
TITLES = {
    QueueGroup.OUTAGE: gettext_lazy("Service entirely down"),
    QueueGroup.WAITING_FOR_US: gettext_lazy("Waiting for us"),
    QueueGroup.IN_ANALYSIS: gettext_lazy("In analysis"),
    QueueGroup.ANSWERED: gettext_lazy("Answered, still open"),
    QueueGroup.WAITING_CUSTOMER: gettext_lazy("Waiting for the customer"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as a link, with how many tickets it shows where that is known."""

    label: str
    address: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the queue. `size` counts all of it, `rows` are those shown, `more` leads to the rest."""

    number: QueueGroup
    size: int
    rows: list[QueueRow]
    more: str

    @property
    def title(self) -> Any:
        return TITLES[self.number]

    @property
    def hint(self) -> str:
        match self.number:
            case QueueGroup.OUTAGE:
                return _("before all others")
            case QueueGroup.WAITING_FOR_US:
                return _("by due time")
            case QueueGroup.IN_ANALYSIS:
                return _("by the next update")
            case QueueGroup.ANSWERED:
                return _("nothing is owed now")
            case QueueGroup.WAITING_CUSTOMER:
                return _("no clock runs")

    @property
    def left(self) -> int:
        return self.size - len(self.rows)

    @property
    def more_words(self) -> str:
        return ngettext("Show %(count)d more", "Show %(count)d more", self.left) % {"count": self.left}


@dataclass(frozen=True, slots=True)
class QueueView:
    """What of the queue is asked for; it is also the query string of the page."""

    filter: QueueFilter
    open_group: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> QueueView:
        """From a query string in which anything may stand."""
        scope, group = query.get("show", ""), query.get("open", "")
        known = Scope(scope) if scope in set(Scope) else Scope.ALL
        chosen = QueueFilter(scope=known, queue=query.get("queue", "")[:50], tag=query.get("tag", "")[:40])
        return cls(chosen, int(group) if group in {str(int(number)) for number in QueueGroup} else 0)

    def query(self) -> str:
        """The query string, with its question mark; empty for the plain queue."""
        parts = {"show": self.filter.scope, "queue": self.filter.queue, "tag": self.filter.tag, "open": self.open_group}
        wanted = {name: value for name, value in parts.items() if value and value != Scope.ALL}
        return f"?{urlencode(wanted)}" if wanted else "?"

    def with_scope(self, scope: Scope) -> QueueView:
        return QueueView(replace(self.filter, scope=scope))

    def with_queue(self, slug: str) -> QueueView:
        return QueueView(replace(self.filter, queue=slug))


@dataclass(frozen=True, slots=True)
class QueuePage:
    view: QueueView
    groups: list[Group]
    queues: list[QueueName]

    @property
    def is_filtered(self) -> bool:
        return self.view.filter != QueueFilter()

    def scopes(self, counts: Counts) -> tuple[Choice, ...]:
        """The filters by whose tickets they are; the figures hold for the whole queue."""
        figures = {
            Scope.ALL: counts.total,
            Scope.MINE: counts.mine,
            Scope.UNASSIGNED: counts.unassigned,
            Scope.TEAM: counts.team,
        }
        return tuple(
            Choice(str(label), self.view.with_scope(scope).query(), scope == self.view.filter.scope, figures.get(scope))
            for scope, label in SCOPES.items()
        )

    def queue_choices(self, language: str) -> tuple[Choice, ...]:
        every = Choice(_("All queues"), self.view.with_queue("").query(), not self.view.filter.queue)
        return (
            every,
            *(
                Choice(
                    queue.in_language(language),
                    self.view.with_queue(queue.slug).query(),
                    queue.slug == self.view.filter.queue,
                )
                for queue in self.queues
            ),
        )


def queue_page(user: User, view: QueueView, *, whole: Counts) -> QueuePage:
    """The groups of the queue in their order, in three queries however full it is; `whole` are the figures of the unfiltered one."""
    longer = {view.open_group: MOST_ROWS} if view.open_group else None
    rows = tickets.on_the_desk(user, filter=view.filter, limit=ROWS_A_GROUP, longer=longer)
    sizes = whole.by_group if view.filter == QueueFilter() else tickets.group_sizes(user, filter=view.filter)
    return QueuePage(view, list(_groups(rows, sizes, view)), queue_names())


def _groups(rows: Iterable[QueueRow], sizes: Mapping[int, int], view: QueueView) -> Iterable[Group]:
    by_group: dict[int, list[QueueRow]] = {}
    for row in rows:
        by_group.setdefault(row.group, []).append(row)
    for number in QueueGroup:
        if sizes.get(number):
            more = replace(view, open_group=int(number)).query()
            yield Group(number, sizes[number], by_group.get(number, []), more)
