"""`make bench`: fills an installation of its own, visits its pages, posts mails to it, prints a table and JSON.

CPU a view is the web and database processes' own CPU time, which a noisy machine does not blur.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from bench.cast import AGENT, PASSWORD
from bench.posting import Posted, post, write_mails
from bench.stage import Stage, installation
from bench.visiting import Timing, Visitor, Weight, time_views, weigh
from bench.words import Writer

SIGN_IN = "/account/login/"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--views", type=int, default=200, help="views of each page and number of visitors")
    parser.add_argument("--mails", type=int, default=600)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    with installation() as stage:
        figures = measure(stage, options.tickets, options.views, options.mails)
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Views:
    """One page under one number of visitors. `cpu` in milliseconds a view, web and database together."""

    page: str
    visitors: int
    timing: Timing
    cpu: float


@dataclass(frozen=True, slots=True)
class Figures:
    tickets: int
    ready_after_s: float
    idle_mib: float
    views: list[Views]
    weights: dict[str, Weight]
    mail: Posted


def measure(stage: Stage, tickets: int, views: int, mails: int) -> Figures:
    idle = stage.resident_bytes() / 2**20
    stage.python(
        "import django; django.setup()\n"
        "from bench.filling import fill\nfrom sportello.core import clock\n"
        f"fill({tickets}, clock.now())"
    )
    visitors = [Visitor(stage.host) for _ in range(8)]
    for visitor in visitors:
        visitor.sign_in(SIGN_IN, AGENT, PASSWORD)
    wanted = pages(stage)
    return Figures(
        tickets=tickets,
        ready_after_s=stage.ready_after,
        idle_mib=idle,
        views=[
            _visit(stage, visitors[:count], name, paths, views) for name, paths in wanted.items() for count in (1, 8)
        ],
        weights={name: weigh(visitors[0], paths[0]) for name, paths in wanted.items()},
        mail=post(stage, write_mails(mails), senders=4),
    )


def _visit(stage: Stage, visitors: list[Visitor], name: str, paths: list[str], views: int) -> Views:
    for path in paths[:3]:
        visitors[0].page(path)
    before = stage.cpu_seconds("web", "postgres")
    timing = time_views(visitors, paths, views)
    cpu = (stage.cpu_seconds("web", "postgres") - before) / timing.views * 1000
    return Views(name, len(visitors), timing, cpu)


def pages(stage: Stage) -> dict[str, list[str]]:
    writer = Writer()
    with psycopg.connect(stage.database_url) as line:
        query = "SELECT public_id FROM tickets_ticket WHERE public_count = 20 ORDER BY id LIMIT 50"
        long = [row[0] for row in line.execute(query).fetchall()]
    return {
        "queue": ["/desk/"],
        "ticket, 20 messages": [f"/desk/tickets/{public_id}/" for public_id in long],
        "search, rare word": [f"/desk/search?q={writer.rare_word()}" for _ in range(50)],
        "search, common words": ["/desk/search?q=posta+dominio", "/desk/search?q=errore+server"],
    }


def table(figures: Figures) -> str:
    return "\n".join(
        [
            f"{figures.tickets} tickets; ready after {figures.ready_after_s:.1f} s; idle {figures.idle_mib:.0f} MiB",
            "",
            "| page | visitors | p50 ms | p95 ms | CPU ms a view (web + database) |",
            "|---|---|---|---|---|",
            *[
                f"| {v.page} | {v.visitors} | {v.timing.p50:.1f} | {v.timing.p95:.1f} | {v.cpu:.1f} |"
                for v in figures.views
            ],
            "",
            "| page | first visit kB | requests | later visits kB |",
            "|---|---|---|---|",
            *[_weight_row(name, weight) for name, weight in figures.weights.items()],
            "",
            "| mails | accepted a second | p50 ms | p95 ms | filed a second | CPU ms a mail (door + worker + database) |",
            "|---|---|---|---|---|---|",
            _mail_row(figures.mail),
        ]
    )


def _mail_row(mail: Posted) -> str:
    accepted = f"{mail.accepted_a_second:.0f} | {mail.accepted_p50:.1f} | {mail.accepted_p95:.1f}"
    return f"| {mail.mails} | {accepted} | {mail.filed_a_second:.0f} | {mail.cpu_a_mail:.1f} |"


def _weight_row(name: str, weight: Weight) -> str:
    return f"| {name} | {weight.first_bytes / 1000:.1f} | {weight.requests} | {weight.later_bytes / 1000:.1f} |"


if __name__ == "__main__":
    main()
