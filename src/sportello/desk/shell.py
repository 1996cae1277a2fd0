"""What the frame of the desk's pages shows: the rail with its figures, the kept promise, what is due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.accounts.models import User
from sportello.accounts.permissions import can_administer
from sportello.desk.navigation import section_of
from sportello.desk.standing import Trouble, troubles
from sportello.mail.queries.standing import MailStanding, mail_standing
from sportello.tickets import queries as tickets
from sportello.tickets.queries import Counts
from sportello.triage.rules import Kept, Promise
from sportello.ui.addresses import page
from sportello.watch.beating import latest_problems
from sportello.watch.queries import now_standing


@dataclass(frozen=True, slots=True)
class Figure:
    """A number beside an entry of the rail. `warning` says what there is pressing; empty when nothing is."""

    number: int
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str


@dataclass(frozen=True)
class Shell:
    """Read once a page, in three queries."""

    section: str
    administers: bool
    tickets: Counts
    promise: Promise
    mail: MailStanding
    now: datetime

    @property
    def hears_calls(self) -> bool:
        """Whether a telephone system tells of calls."""
        return bool(settings.TELEPHONE_SECRET)

    @property
    def live_url(self) -> str:
        return str(settings.LIVE_URL)

    @cached_property
    def counts(self) -> dict[str, Figure]:
        return {
            "queue": Figure(self.tickets.ours, _("with late ones") if self.tickets.late else ""),
            "mail": Figure(self.mail.held + self.mail.failed, self._mail_warning()),
        }

    def _mail_warning(self) -> str:
        if self.held_is_late:
            return _("with held ones that nobody has decided in time")
        return _("with failed ones") if self.mail.failed else ""

    @property
    def held_is_late(self) -> bool:
        """Whether a held mail waits for longer than the first answer is promised to take."""
        return self.mail.decide_by is not None and self.mail.decide_by <= self.now

    @property
    def troubles(self) -> list[Trouble]:
        problems = now_standing(self.mail, latest_problems(), now=self.now)
        return troubles(problems, administers=self.administers)

    @property
    def percentage(self) -> int | None:
        """Of the first answers of today, those given in time; None before the first."""
        return self.promise.today.percentage

    @property
    def late_words(self) -> str:
        late = self.tickets.late
        if self.tickets.more_are_late:
            return _("more than %(late)s late") % {"late": late - 1}
        return ngettext("%(late)s late", "%(late)s late", late) % {"late": late}

    @property
    def promise_in_full(self) -> str:
        """The promise today, in 7 and in 30 days, as one sentence a line."""
        days = (_("today"), self.promise.today), (_("7 days"), self.promise.week), (_("30 days"), self.promise.month)
        return "\n".join(f"{name}: {_kept(kept)}" for name, kept in days)

    @property
    def account(self) -> tuple[Link, ...]:
        return (Link(_("My account and sign-in"), page("account_settings")),)


def shell_for(user: User, *, path: str, now: datetime) -> Shell:
    return Shell(
        section_of(path),
        can_administer(user),
        tickets.counts(user, now=now),
        tickets.promise_at_a_glance(now),
        mail_standing(now=now),
        now,
    )


def _kept(kept: Kept) -> str:
    cases = kept.kept + kept.missed
    if not cases:
        return _("no case yet")
    of = ngettext("%(kept)d of %(count)d answer in time", "%(kept)d of %(count)d answers in time", cases)
    return of % {"kept": kept.kept, "count": cases}
