"""Figures for Prometheus, all from the database: so any process of any machine answers for the whole house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sportello.tickets import queries as tickets
from sportello.watch import queries
from sportello.watch.enums import Cause
from sportello.watch.queries import Examined
from sportello.watch.rules import Facts


def text(*, now: datetime) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_House(now))
    return generate_latest(registry)


class _House(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        examined = queries.examine(now=self._now)
        yield from _health(examined)
        if examined.facts is not None:
            yield from _ages(examined.facts)
            yield from _numbers()
            yield from _promise(self._now)
            yield from _processes()


def _health(examined: Examined) -> Iterator[Metric]:
    wrong = {problem.cause for problem in examined.problems}
    yield GaugeMetricFamily("sportello_healthy", "1 when /health answers 200.", value=0 if wrong else 1)
    problems = GaugeMetricFamily("sportello_problem", "1 while this cause makes health bad.", labels=["cause"])
    for cause in Cause:
        problems.add_metric([cause], 1 if cause in wrong else 0)
    yield problems


def _ages(facts: Facts) -> Iterator[Metric]:
    for name, about, since in (
        ("sportello_oldest_job_seconds", "How long the oldest job has been due; 0 when none is.", facts.oldest_job_at),
        (
            "sportello_oldest_unsent_seconds",
            "How long the oldest mail in the outbox has been due.",
            facts.oldest_unsent_at,
        ),
    ):
        yield GaugeMetricFamily(name, about, value=_age(facts, since))
    if facts.last_mail_at is not None:
        yield GaugeMetricFamily(
            "sportello_last_mail_seconds", "Since the last mail came in.", value=_age(facts, facts.last_mail_at)
        )
    if facts.backup_at is not None:
        yield GaugeMetricFamily(
            "sportello_backup_age_seconds",
            "Since the moment of the last good backup.",
            value=_age(facts, facts.backup_at),
        )
    if facts.restored_at is not None:
        yield GaugeMetricFamily(
            "sportello_restore_test_age_seconds",
            "Since a backup was last restored on trial.",
            value=_age(facts, facts.restored_at),
        )
        yield GaugeMetricFamily(
            "sportello_restore_test_seconds",
            "How long that took, from the store to the last row and file.",
            value=facts.restore_seconds or 0,
        )
    yield GaugeMetricFamily("sportello_jobs_stalled", "Jobs begun by a worker that is gone.", value=facts.stalled_jobs)
    failed = GaugeMetricFamily(
        "sportello_jobs_failed", "Jobs that failed for good and were neither done again nor set aside.", labels=["task"]
    )
    for each in facts.failed_tasks:
        failed.add_metric([each.task], each.number)
    yield failed
    yield GaugeMetricFamily(
        "sportello_files_damaged", "Files known to be missing or altered.", value=facts.damaged_files
    )


def _age(facts: Facts, since: datetime | None) -> float:
    return max((facts.now - since).total_seconds(), 0.0) if since else 0.0


def _numbers() -> Iterator[Metric]:
    figures = queries.figures()
    for name, about, numbers in (
        ("sportello_jobs", "Jobs that wait, run or have failed, by state.", figures.jobs),
        ("sportello_mails_in", "Mails received that wait or have failed, by state.", figures.inbound),
        ("sportello_mails_out", "Mails of the outbox that wait or have failed, by state.", figures.outbound),
    ):
        family = GaugeMetricFamily(name, about, labels=["state"])
        for state, number in sorted(numbers.items()):
            family.add_metric([state], number)
        yield family
    for name, about, number in (
        (
            "sportello_mails_received",
            "Mails that came, by whatever door; the same again counts again.",
            figures.ever.mails_received,
        ),
        ("sportello_mails_written", "Mails put in the outbox.", figures.ever.mails_written),
        ("sportello_tickets_opened", "Tickets opened, by whatever way.", figures.ever.tickets),
    ):
        yield CounterMetricFamily(name, about, value=number)


def _promise(now: datetime) -> Iterator[Metric]:
    """The first answer, for the local day, for seven and for thirty."""
    promise = tickets.promise(now)
    family = GaugeMetricFamily(
        "sportello_first_answers", "First answers decided, by window and outcome.", labels=["window", "outcome"]
    )
    for window, kept in (("today", promise.today), ("7d", promise.week), ("30d", promise.month)):
        family.add_metric([window, "kept"], kept.kept)
        family.add_metric([window, "missed"], kept.missed)
    yield family


def _processes() -> Iterator[Metric]:
    ages = GaugeMetricFamily(
        "sportello_process_silent_seconds", "Since the last sign of life.", labels=["work", "node"]
    )
    oldest: dict[tuple[str, str], float] = {}
    for sign in queries.signs():
        key = (str(sign.work), sign.node)
        oldest[key] = max(oldest.get(key, 0.0), sign.age.total_seconds())
    for key, age in sorted(oldest.items()):
        ages.add_metric(list(key), age)
    yield ages
    answered = CounterMetricFamily(
        "sportello_requests", "Requests answered, by route and kind of answer.", labels=["process", "route", "status"]
    )
    lasted = CounterMetricFamily("sportello_request_seconds", "Time spent on them.", labels=["process", "route"])
    for pulse in queries.pulses():
        for route, counted in pulse.figures.items():
            process = f"{pulse.node}/{pulse.process}"
            lasted.add_metric([process, route], counted["seconds"])
            for status, number in counted["answers"].items():
                answered.add_metric([process, route, status], number)
    yield answered
    yield lasted
