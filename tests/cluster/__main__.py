"""`make cluster`: several machines in network namespaces, broken while mail and pages come in; prints one line of JSON for each fault.

Only root may make namespaces. `--mails` is the number of the failover's, `--before` a tree of the previous release to upgrade from. `--short`, as in
`make test`, leaves out the machines that vanish, the store of files elsewhere and the mailbox fetched by IMAP.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg

from bench import processes
from sportello.config import embedded
from tests.cluster.hosts import NODES, SOURCE, URL, Cluster, cluster
from tests.cluster.network import ADDRESSES, INSIDE, Network, run_outside
from tests.cluster.traffic import Browser, TwoDoors, at_door
from tests.config.house import House, until
from tests.faults import counts
from tests.faults.installation import SUPPORT, Installation
from tests.faults.letters import letter, letters
from tests.mail.smtp_server import Conduct
from tests.servers import bucket
from tests.servers.dovecot import PASSWORD, USER, Dovecot

AWAY_SECONDS = 75.0
_ACCOUNT = """
import django; django.setup()
from datetime import date
from sportello.mail.enums import ImapMode
from sportello.mail.models import ImapAccount
from tests.factories import make_mailbox
ImapAccount.objects.create(
    mailbox=make_mailbox("{user}@provider.example"), host="{host}", port={port}, tls=False, username="{user}", secret="TEST", mode=ImapMode.LIVE,
    since=date(2020, 1, 1),
)
"""
# Who holds the right to fetch the one mailbox.
_FETCHES = """
    SELECT host(client_addr) FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND pg_locks.granted AND classid = x'53504f52'::int::oid
"""
_SEARCHES = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sportello' AND query LIKE '%customers_%'"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make cluster", description=__doc__)
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--server", choices=("15", "18"), default="18")
    parser.add_argument("--before", type=Path, help="a tree of the previous release")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    if mark := os.environ.get(INSIDE):
        with tempfile.TemporaryDirectory(prefix="sportello-cluster-") as folder:
            run(Network(mark), Path(folder), options)
        return
    sys.exit(run_outside("tests.cluster"))


def run(made: Network, folder: Path, options: argparse.Namespace) -> None:
    programs = embedded.programs() if options.server == "18" else Path("/usr/lib/postgresql/15/bin")
    before = options.before / "src" if options.before else SOURCE
    with ExitStack() as stack:
        settings = (
            {} if options.short else {"SPORTELLO_SECRET_TEST": PASSWORD, **stack.enter_context(_files_elsewhere())}
        )
        built = stack.enter_context(
            cluster(made, folder, programs=programs, source=before, at_once=not options.before, settings=settings)
        )
        try:
            roll(built, name="upgrade" if options.before else "rolling restart", mails=max(20, options.mails // 20))
            steady(built, mails=max(20, options.mails // 5))
            cut_off(built)
            search_without_standby(built)
            if not options.short:
                with Dovecot(host=ADDRESSES["outside"]) as dovecot:
                    vanish(built, dovecot)
            fail_over(built, mails=options.mails, is_silent=not options.short)
        except BaseException:
            print(built.words(), file=sys.stderr)
            raise


def tell(fault: str, doors: TwoDoors, browser: Browser, **more: float) -> None:
    """When every acknowledged mail has become what it is to become."""
    desk = Installation(House(Path("/nonexistent"), ports=[]), URL, Conduct())
    until(lambda: counts.waiting(desk) == 0, seconds=300, what="every mail is filed")
    figures = counts.of_mail(desk, doors.acknowledged)
    receipts = {"most receipts to one": counts.most_receipts_to_one(desk)}
    pages = {"requests": browser.statuses.total(), "failed requests": browser.failed}
    print(json.dumps({"fault": fault, **figures, **receipts, **pages, **more}), flush=True)


@contextmanager
def traffic(first: int, mails: int) -> Iterator[tuple[TwoDoors, Browser]]:
    """Mails on their way, and an agent at work; at the end every mail has been taken."""
    browser = Browser()
    browser.sign_in()
    with TwoDoors(0, SUPPORT) as doors, browser:
        ways = doors.hand_over(letters(first, mails))
        yield doors, browser
        for way in ways:
            way.result(300)


def roll(built: Cluster, *, name: str, mails: int) -> None:
    """One node after the other is stopped and started with the new code, after one of them has brought the database up to it."""
    with traffic(0, mails) as (doors, browser):
        built.source = SOURCE
        built.sportello("node1", "migrate")
        for node in NODES:
            built.stop(node)
            built.sportello(node, "migrate")
            built.start(node)
            built.until_ready(node)
    tell(name, doors, browser)


def steady(built: Cluster, *, mails: int) -> None:
    """Nothing breaks: what a mail costs from socket to ticket and receipt, in CPU of every process, and what a page does. Figures for sizing."""
    intake = [built.running[node, name] for node in NODES for name in ("mail-door", "worker")]
    pages = [built.running[node, "web"] for node in NODES]
    before = _cpu(intake), _cpu(pages), _size()
    with traffic(50_000, mails) as (doors, browser):
        pass
    tell(
        "none",
        doors,
        browser,
        cpu_ms_a_mail=round((_cpu(intake) - before[0]) * 1000 / mails, 1),
        cpu_ms_a_request=round((_cpu(pages) - before[1]) * 1000 / max(1, browser.statuses.total()), 1),
        database_bytes_a_mail=round((_size() - before[2]) / mails),
    )


def _cpu(programs: list[subprocess.Popen[bytes]]) -> float:
    return sum(processes.cpu_seconds(program.pid) for program in programs)


def _size() -> int:
    with psycopg.connect(URL) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def cut_off(built: Cluster) -> None:
    """A node that does not reach the database takes no mail; the other one does, and serves the pages."""
    with traffic(100_000, 20) as (doors, browser):
        built.network.cut("node1", "db1", "db2")
        code, _words = at_door("node1", letter(199_999), SUPPORT)
        other, _words = at_door("node2", letter(199_998), SUPPORT)
        built.network.mend("node1", "db1", "db2")
        mended = time.monotonic()
        until(
            lambda: at_door("node1", letter(199_999), SUPPORT)[0] == 250, seconds=60, what="the node takes mail again"
        )
        built.respawn()
        built.until_ready("node1")
        back = time.monotonic() - mended
    tell("node cut off", doors, browser, cut_node_answers=code, other_node_answers=other, back_after=round(back, 1))


@contextmanager
def _files_elsewhere() -> Iterator[dict[str, str]]:
    """The settings of a store that all nodes reach."""
    with bucket.serving(ADDRESSES["outside"]) as address:
        yield {
            "SPORTELLO_FILES": f"s3://{bucket.BUCKET}/desk",
            "SPORTELLO_S3_ENDPOINT": address,
            "SPORTELLO_S3_REGION": "us-east-1",
            "SPORTELLO_S3_KEY": bucket.KEY,
            "SPORTELLO_S3_SECRET": bucket.SECRET,
        }


def vanish(built: Cluster, dovecot: Dovecot) -> None:
    """The machine that fetches a mailbox is gone without a word in the middle of it, and comes back after a minute."""
    program = _ACCOUNT.format(host=ADDRESSES["outside"], port=dovecot.port, user=USER)
    built.network.run("node1", sys.executable, "-c", program, environment=built.environment("node1"))
    fetched = 0

    def bring(count: int) -> None:
        nonlocal fetched
        dovecot.append(*(_with_file(fetched + number) for number in range(count)))
        fetched += count

    bring(5)
    until(lambda: _fetched() == (5, 5), seconds=120, what="the mailbox is fetched")
    (address,) = _ask(_FETCHES)
    gone = next(node for node in NODES if ADDRESSES[node] == address)
    with traffic(150_000, 60) as (doors, browser):
        bring(5)
        built.network.vanish(gone)
        vanished = time.monotonic()
        bring(20)
        until(lambda: _fetched() == (fetched, fetched), seconds=120, what="the other machine fetches the mailbox")
        taken_over = time.monotonic() - vanished
        time.sleep(max(0.0, AWAY_SECONDS - taken_over))
        built.network.come_back(gone)
        bring(5)
        until(lambda: _fetched() == (fetched, fetched), seconds=120, what="the mailbox is fetched on")
        built.respawn()
        built.until_ready(gone)
    tell("node vanished that fetched a mailbox", doors, browser, fetched=fetched, taken_over_after=round(taken_over, 1))


def _fetched() -> tuple[int, ...]:
    """Mails by IMAP that are filed, and how many they are."""
    return _ask(
        "SELECT count(*), count(DISTINCT message_id) FROM mail_inboundmail WHERE state = 'filed' AND door = 'imap'"
    )


def _ask(query: str) -> tuple[Any, ...]:
    """The one row."""
    with psycopg.connect(URL, autocommit=True) as connection:
        (row,) = connection.execute(query.encode()).fetchall()
    return row


def _with_file(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Laura <laura@ceramiche{number}.example>"
    mail["To"] = f"{USER}@provider.example"
    mail["Subject"] = f"Richiesta {number}"
    mail["Message-ID"] = f"<fetched-{number}@ceramiche.example>"
    mail.set_content("Il sito non risponde.")
    mail.add_attachment(os.urandom(4096), maintype="application", subtype="pdf", filename="log.pdf")
    return mail.as_bytes()


def search_without_standby(built: Cluster) -> None:
    """Searches are read from the standby, and from the primary while the nodes do not reach it."""
    browser = Browser()
    browser.sign_in()
    _found(browser)
    read_too_soon = built.order("db2", _SEARCHES)
    browser.forget("written")  # as a real one does after some seconds; signing in was a change
    first = _found(browser)
    read_there = built.order("db2", _SEARCHES)
    for node in NODES:
        built.network.cut(node, "db2")
    begun = time.monotonic()
    second = _found(browser)
    took = time.monotonic() - begun
    for node in NODES:
        built.network.mend(node, "db2")
    figures = {"found": first, "found without": second, "seconds without": round(took, 1)}
    print(
        json.dumps(
            {
                "fault": "standby away from searches",
                "too soon": read_too_soon,
                "sessions on the standby": read_there,
                **figures,
            }
        )
    )


def _found(browser: Browser) -> int:
    """Tickets on the page of a search, up to its limit."""
    status, page = browser.ask("GET", "/desk/search?q=error")
    assert status == 200, (status, page)
    return page.count("<mark>") and 1


def fail_over(built: Cluster, *, mails: int, is_silent: bool) -> None:
    """The primary dies in the middle of the mails, or is gone without a word, and the standby is promoted."""
    with traffic(200_000, mails) as (doors, browser):
        until(lambda: len(doors.acknowledged) > mails // 2, seconds=300, what="half of the mails are taken")
        (built.network.vanish if is_silent else built.network.kill)("db1")
        killed = time.monotonic()
        time.sleep(2)  # until somebody has noticed and decided
        built.promote_standby()
        mail_at = _until_mail(doors, killed)
        page_at = _until_page(browser, killed + 2)
        built.respawn()
    begun = time.monotonic()
    tell(
        f"primary {'vanished' if is_silent else 'killed'}, standby promoted",
        doors,
        browser,
        mail_back_after=round(mail_at - killed, 1),
        pages_back_after=round(page_at - killed, 1),
        refused_for_now=doors.refusals(),
        filed_after=round(time.monotonic() - begun, 1),
    )
    with psycopg.connect(URL) as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)


def _until_mail(doors: TwoDoors, since: float) -> float:
    until(lambda: any(at > since + 2 for at in list(doors.acknowledged.values())), seconds=90, what="mail is taken")
    return min(at for at in doors.acknowledged.values() if at > since + 2)


def _until_page(browser: Browser, since: float) -> float:
    """From when on no request failed any more, for ten seconds."""
    until(
        lambda: time.monotonic() - max([since, *browser.failed_at]) > 10 and browser.came_at[-1] > since,
        seconds=120,
        what="pages are back",
    )
    return max([since, *browser.failed_at])


if __name__ == "__main__":
    main()
