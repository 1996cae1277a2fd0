"""The long runs at their smallest, so that they can be run when they are wanted; and what they read out of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sportello.tickets import actions
from tests.factories import NOW, make_contact, make_ticket, make_user
from tests.faults import counts
from tests.faults.counts import sentence
from tests.soak import backup, faults, load, upgrade
from tests.soak.__main__ import missed
from tests.soak.open_pages import kind_of, live_parts
from tests.soak.people import hidden_fields
from tests.soak.scales import MIB, Look, slope
from tests.soak.waits import Answer, Waits, spread

MIGRATIONS = "src/sportello/*/migrations/[0-9]*.py"
FEW: dict[str, Any] = {"tickets": 60, "rate": 4.0, "browsers": 2, "agents": 1, "customers": 1}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the installation that both fill, or find filled."""
    return tmp_path_factory.mktemp("filled")


@pytest.mark.system
@pytest.mark.slow(60)
def test_r22_a_load_of_seconds(filled: Path, record_property: Callable[[str, object], None]) -> None:
    found = load.run(filled, minutes=0.1, **FEW)
    record_property("counted", f"load: {sentence({name: found[name] for name in ('acknowledged', 'lost', 'doubled')})}")
    assert found["acknowledged"] == found["found"] > 0
    assert {name: found[name] for name in ("lost", "doubled", "half tickets", "answers lost", "orphan files")} == {
        "lost": 0, "doubled": 0, "half tickets": 0, "answers lost": 0, "orphan files": 0,
    }  # fmt: skip
    assert (found["errors"], found["jobs failed"]) == ({}, {})
    assert found["ms of live figures"]["count"] > 0
    assert set(found["CPU s"]) == {"web", "live", "worker", "readers", "mail door", "database"}


@pytest.mark.system
@pytest.mark.slow(90)
@pytest.mark.needs("restic")
def test_r25_a_backup_of_few_tickets(
    filled: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = backup.run(filled, tmp_path, before_seconds=3.0, **FEW)
    record_property("counted", f"backup: {sentence({name: found[name] for name in ('rows', 'files', 'lost')})}")
    assert found["mails before its moment"] > 0
    assert found["found"] == found["mails before its moment"] + found["mails while it was taken"]
    assert (found["lost"], found["doubled"], found["half tickets"], found["files lost or damaged"]) == (0, 0, 0, 0)
    assert found["errors"] == {}


def test_the_live_parts_of_a_page_are_found_with_what_each_wants() -> None:
    page = """
        <div id="figures" data-live="queue mail" hx-get="/desk/figures/now"></div>
        <div data-live="ticket:1" hx-get="/desk/tickets/1/now"><p>words<br><p data-live="mail:2">sent</p></div>
        <p data-live="nobody fetches this">
    """
    assert live_parts(page) == {"/desk/figures/now": {"queue", "mail"}, "/desk/tickets/1/now": {"ticket:1", "mail:2"}}


def test_a_part_of_a_page_is_called_by_its_kind_and_not_by_its_id() -> None:
    tail = "a892545b-f9a5-46b6-ade5-6f815893a1a7"
    assert [kind_of(path) for path in ("/desk/figures/now?of=1", f"/desk/presence/{tail}", f"/desk/mails/{tail}/")] == [
        "figures", "presence", "mails",
    ]  # fmt: skip


def test_only_the_fields_of_the_form_that_is_sent_are_taken() -> None:
    page = """
        <form action="/other"><input type="hidden" name="no" value="1"></form>
        <form action="/reply"><input type="hidden" name="seen" value="3"><input type="hidden" name="tab"><input name="text"></form>
    """
    assert hidden_fields(page, "/reply") == {"seen": "3", "tab": ""}


def test_the_slope_is_that_of_the_line_through_all_looks() -> None:
    looks = [Look(at * 360.0, {"web": (100 + 2 * at) * MIB}, 0, 0.0, 0) for at in range(10)]
    assert round(slope(looks, "web"), 6) == 20.0


@pytest.mark.django_db
def test_a_ticket_that_was_joined_to_another_is_no_half_one() -> None:
    """A fault found: the first upgrade said that two tickets were half made."""
    contact = make_contact()
    target, source = make_ticket(contact=contact), make_ticket("Ancora fermo", contact=contact)
    actions.merge(source=source, target=target, by=make_user(), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(counts.WITHOUT_MESSAGE)
        assert cursor.fetchone() == (0,)
        target.messages.update(ticket=source)
        cursor.execute(counts.WITHOUT_MESSAGE)
        assert cursor.fetchone() == (1,)


@pytest.mark.needs("git")
def test_the_release_before_knows_no_migration_that_is_not_there_any_more() -> None:
    """A clone without its history has none."""
    if not (upgrade.TREE / ".git").exists() or upgrade.git("rev-parse", "--is-shallow-repository") == "true":
        pytest.skip("there is no history of the repository here")
    with upgrade.release_before(None) as (tree, name):
        before = {path.relative_to(tree) for path in tree.glob(MIGRATIONS)}
    now = {path.relative_to(upgrade.TREE) for path in upgrade.TREE.glob(MIGRATIONS)}
    assert name
    assert before
    assert before <= now


def test_an_answer_that_is_none_is_counted_where_it_happened() -> None:
    waits = Waits("migrating")
    answers: Iterator[Answer] = iter([(200, {}, b""), (503, {}, b""), (404, {}, b"")])
    for also in (200, 200, 404):
        waits.timed("queue", lambda: next(answers), path="/desk/", also=also)
    assert dict(waits.failed) == {"migrating: queue: 503": 1}
    assert spread(waits.of_phase("migrating"))["count"] == 3


def test_a_fault_counts_as_survived_only_when_all_worked_again_in_time() -> None:
    """A fault found: as many faults were said to be survived as were done, whatever became of them."""
    well = faults.Event("deaf line", 1, 59.0)
    late, never = faults.Event("slow line", 1, 61.0), faults.Event("kills", 9)
    unkind = faults.Event("locked tables", 1, 2.0, unkind_pages=1)
    assert [event.survived for event in (well, late, never, unkind)] == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("figures", "names"),
    [
        ({"lost": 0, "failed jobs": {}, "faults injected": 3, "faults survived": 3, "worst recovery s": 60.0}, []),
        ({"faults injected": 3, "faults survived": 2}, ["faults survived"]),
        ({"lost": 1, "not filed": 2}, ["lost", "not filed"]),
        ({"worst recovery s": 109.9}, ["worst recovery s"]),
        ({"outage visible after s": 61.0, "page p95 ms": 501.0}, ["outage visible after s", "page p95 ms"]),
        ({"memory grown MiB": 101, "most memory MiB": 520}, ["most memory MiB", "memory grown MiB"]),
        ({"left out": "only root can mount a small disk"}, []),
    ],
)
def test_a_soak_fails_on_each_reach(figures: dict[str, Any], names: list[str]) -> None:
    """A fault found: a recovery after 109.9 s, or slow pages in a backlog, ended with 0."""
    assert missed(figures) == names
