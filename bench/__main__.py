"""`make bench`: fills an installation of its own, visits its pages, posts mails to it, prints a table and JSON.

CPU a view is the web and database processes' own CPU time, which a noisy machine does not blur.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import psycopg
from bench.cast import AGENT, PASSWORD
from bench.posting import post, write_mails
from bench.stage import Stage, installation
from bench.visiting import Visitor, time_views, weigh
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
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measure(stage: Stage, tickets: int, views: int, mails: int) -> dict[str, object]:
    idle = stage.resident_bytes()
    stage.python(
        "import django; django.setup()\n"
        "from bench.filling import fill\nfrom sportello.core import clock\n"
        f"fill({tickets}, clock.now())"
    )
    visitors = [Visitor(stage.host) for _ in range(8)]
    for visitor in visitors:
        visitor.sign_in(SIGN_IN, AGENT, PASSWORD)
    rows = []
    for name, paths in pages(stage).items():
        for path in paths[:3]:
            visitors[0].page(path)
        for count in (1, 8):
            before = stage.cpu_seconds("web", "postgres")
            timing = time_views(visitors[:count], paths, views)
            cpu = (stage.cpu_seconds("web", "postgres") - before) / timing.views * 1000
            rows.append({"page": name, "visitors": count, **asdict(timing), "cpu": cpu})
    weight = {name: asdict(weigh(visitors[0], paths[0])) for name, paths in pages(stage).items()}
    posted = asdict(post(stage, write_mails(mails), senders=4))
    return {
        "tickets": tickets,
        "ready_after_s": stage.ready_after,
        "idle_mib": idle / 2**20,
        "pages": rows,
        "weight": weight,
        "mail": posted,
    }


def pages(stage: Stage) -> dict[str, list[str]]:
    writer = Writer()
    with psycopg.connect(stage.database_url) as line:
        long = line.execute("SELECT public_id FROM tickets_ticket WHERE public_count = 20 ORDER BY id LIMIT 50").fetchall()
    return {
        "queue": ["/desk/"],
        "ticket, 20 messages": [f"/desk/tickets/{row[0]}/" for row in long],
        "search, rare word": [f"/desk/search/?q={writer.rare_word()}" for _ in range(50)],
        "search, common words": ["/desk/search/?q=posta+dominio", "/desk/search/?q=errore+server"],
    }


def table(figures: dict[str, object]) -> str:
    rows, weight, mail = figures["pages"], figures["weight"], figures["mail"]
    assert isinstance(rows, list)
    assert isinstance(weight, dict)
    assert isinstance(mail, dict)
    lines = [
        f"{figures['tickets']} tickets; ready after {figures['ready_after_s']:.1f} s; idle {figures['idle_mib']:.0f} MiB",
        "",
        "| page | visitors | p50 ms | p95 ms | CPU ms a view (web + database) |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {r['page']} | {r['visitors']} | {r['p50']:.1f} | {r['p95']:.1f} | {r['cpu']:.1f} |" for r in rows]
    lines += ["", "| page | first visit kB | requests | later visits kB |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {w['first_bytes'] / 1000:.1f} | {w['requests']} | {w['later_bytes'] / 1000:.1f} |" for name, w in weight.items()
    ]
    lines += [
        "",
        "| mails | accepted a second | p50 ms | p95 ms | filed a second | CPU ms a mail (door + worker + database) |",
        "|---|---|---|---|---|---|",
        f"| {mail['mails']} | {mail['accepted_a_second']:.0f} | {mail['accepted_p50']:.1f} | {mail['accepted_p95']:.1f} "
        f"| {mail['filed_a_second']:.0f} | {mail['cpu_a_mail']:.1f} |",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
