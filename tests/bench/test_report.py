"""The bench's own arithmetic: ratios between sizes, and figures of peers beside ours."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bench import peers
from bench.floor import Floor
from bench.inside import Profile
from bench.measuring import Figures, Views
from bench.pages import Page, Who
from bench.peers import PeerError, PeerView, check_can_measure, read_views
from bench.posting import Posted, write_mails
from bench.report import ratios, report
from bench.sent import Sent
from bench.suggested import Suggested
from bench.visiting import Timing, Weight
from bench.watching import Seen

SMALL = Figures(
    tickets=10_000,
    ready_after_s=5.0,
    idle_mib=500.0,
    views=[Views("queue", 1, Timing(20.0, 30.0, 100), 10.0, 50.0)],
    weights={"queue": Weight(70_000, 6, 15_000)},
    profiles=[Profile("queue", 6, 2.0, 1.0, 4.0, 3.0, 2.5, [("render", 20.0)])],
    first={"queue": 80.0},
    mail=Posted(600, 150.0, 5.0, 9.0, 60.0, 14.0, {"door": 4.0, "worker": 10.0}, 50.0),
    mail_floor=Floor(900.0, 1.5),
    seen=[Seen(50, 15, 300.0, 900.0, 0)],
    suggested=[Suggested("which ticket a text belongs to", 20.0, 4.0, 25.0, 40.0)],
    sent=Sent(200, 3.0, 1.0, 5.0, 9.0),
)
LARGE = replace(SMALL, tickets=100_000, views=[Views("queue", 1, Timing(21.0, 33.0, 100), 12.0, 50.0)])


def test_ratio_is_against_the_same_page_at_the_smallest_size() -> None:
    assert ratios([SMALL, LARGE]) == pytest.approx({(10_000, "queue", 1): 1.0, (100_000, "queue", 1): 1.2})


def test_on_a_machine_that_became_twice_as_slow_a_ratio_stays_what_it_was() -> None:
    slow = replace(LARGE, views=[replace(LARGE.views[0], cpu=24.0, yardstick=100.0)])
    assert ratios([SMALL, slow])[100_000, "queue", 1] == pytest.approx(1.2)


def test_a_page_that_cost_no_tick_of_the_clock_can_be_compared() -> None:
    """The public status of a quiet machine divided by nothing."""
    unseen = replace(SMALL, views=[replace(SMALL.views[0], cpu=0.0)])
    assert ratios([unseen]) == {(10_000, "queue", 1): 1.0}
    assert ratios([unseen, LARGE])[100_000, "queue", 1] > 1.0


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    text = report([SMALL, LARGE], [PeerView("rt", "queue", 10_000, 1, 700.0, 900.0, 765.0)])
    tables = [part.splitlines() for part in text.strip().split("\n\n")]
    assert len(tables) == 11
    assert all({line.count("|") for line in table} == {table[0].count("|")} for table in tables)


def test_what_was_left_out_has_no_table() -> None:
    """`--mails 0` divided by no mails."""
    bare = replace(
        SMALL, views=[], weights={}, profiles=[], first={}, mail=None, mail_floor=None, seen=[], suggested=[], sent=None
    )
    assert len(report([bare], []).strip().split("\n\n")) == 1


def test_a_peer_stands_beside_the_same_page_of_the_same_size() -> None:
    rows = report([SMALL], [PeerView("rt", "queue", 10_000, 1, 700.0, 900.0, 765.0)]).splitlines()
    assert rows[-1] == "| rt | queue | 10,000 | 1 | 0 | 700 | 900 | 765 | 76.5 |"


def test_a_drivers_lines_are_read_and_its_weights_left_out() -> None:
    view = {
        "page": "list",
        "clients": 8,
        "p50_ms": 200.0,
        "p95_ms": 400.0,
        "cpu_ms_per_view": {"web": 180.0, "db": 37.0, "sink": 1.0},
    }
    lines = [
        json.dumps(view),
        json.dumps({"page": "list", "weight": {"requests": 22}}),
        json.dumps({**view, "page": "other"}),
    ]
    assert read_views("django-helpdesk", 10_000, lines) == [
        PeerView("django-helpdesk", "queue", 10_000, 8, 200.0, 400.0, 217.0)
    ]


def test_a_driver_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(peers, "FOLDER", tmp_path)
    with pytest.raises(PeerError, match=r"The driver of rt is not there: .*rt\.sh"):
        check_can_measure(["rt"])


def test_each_contact_asks_for_their_own_tickets() -> None:
    page = Page("customer's ticket", Who.CONTACT, [["/a"], ["/b"]])
    assert [page.of(visitor) for visitor in range(3)] == [["/a"], ["/b"], ["/a"]]


def test_mails_of_two_runs_differ_in_their_ids_alone() -> None:
    first, second = (write_mails(2, run=run) for run in ("a", "b"))
    assert [sender for sender, _ in first] == [sender for sender, _ in second]
    assert b"<bench.a.0@" in first[0][1]
    assert b"<bench.b.0@" in second[0][1]
