"""R21: a hundred thousand mails wait, and one that says that a service is down comes in behind them."""

from __future__ import annotations

import hashlib
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.config.house import until
from tests.faults import counts
from tests.faults.browser import Browser
from tests.faults.consumption import MIB, Consumption
from tests.faults.installation import SUPPORT, Installation, installation
from tests.faults.letters import letter
from tests.faults.mail_server import Letter, MailServer

WATCHED_SECONDS = 90.0
PAGES = ("/desk/", "/desk/mail/", "/portal/sign-in/")
FIRST = 1_000_000
_KEPT = "SELECT count(DISTINCT message_id) FROM mail_inboundmail WHERE message_id LIKE '%%fault-%%'"
_KEPT_ROWS = "SELECT count(*) FROM mail_inboundmail WHERE message_id LIKE '%%fault-%%'"
"""Not of the mails that the desk sends to itself."""
_RAW = "COPY mail_rawmail (sha256, content, size) FROM STDIN"
_ROWS = """
    COPY mail_inboundmail (public_id, mailbox_id, raw_id, door, fingerprint, message_id, envelope_from, envelope_to, answers_allowed, received_at,
        state, sender, sender_name, subject, problems, gate, reason, reason_params, attempts, error, priority) FROM STDIN
"""


def fill(desk: Installation, mails: int) -> None:
    """As if they had been taken in while no worker ran. Only the reading of what was given so is measured."""
    raws = [letter(FIRST + number) for number in range(mails)]
    with psycopg.connect(desk.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, now() FROM mail_mailbox LIMIT 1")
        mailbox, now = cursor.fetchone() or (0, None)
        with cursor.copy(_RAW) as copy:
            for mail in raws:
                copy.write_row((hashlib.sha256(mail.raw).hexdigest(), mail.raw, len(mail.raw)))
        with cursor.copy(_ROWS) as copy:
            for number, mail in enumerate(raws):
                copy.write_row(
                    (uuid4(), mailbox, hashlib.sha256(mail.raw).hexdigest(), "lmtp", secrets.token_hex(32), mail.message_id,
                     mail.sender, SUPPORT, True, now, "received", mail.sender, "Customer", f"Question {number}", [], "", "", "{}", 0, "", 0)
                )  # fmt: skip


def outage_mail() -> Letter:
    mail = letter(FIRST - 1)
    return Letter(
        mail.message_id, mail.sender, mail.raw.replace(b"Subject: The shop", b"Subject: Service down: the shop")
    )


def run(folder: Path, *, mails: int) -> dict[str, Any]:
    with installation(folder) as desk:
        browser = Browser(desk)
        browser.sign_in()
        fill(desk, mails)
        waiting = counts.waiting(desk)
        with Consumption(desk) as spent, MailServer(desk.lmtp_port, SUPPORT) as postfix:
            begun = time.monotonic()
            postfix.hand_over([outage_mail()])
            filed = "SELECT count(*) FROM mail_inboundmail WHERE message_id = %s AND state = 'filed'"
            until(lambda: desk.figure(filed, outage_mail().message_id) == 1, seconds=300, what="the outage is a ticket")
            visible = time.monotonic() - begun
            early = dict(spent.memory)
            pages = _pages(browser, begun + WATCHED_SECONDS)
            late = dict(spent.memory)
        left = counts.waiting(desk)
        kept = desk.figure(_KEPT)
        return {
            "event": "backlog",
            "mails waiting": waiting,
            "outage visible after s": visible,
            "filed a second": (waiting - left) / WATCHED_SECONDS,
            "lost": mails + 1 - kept,
            "doubled": desk.figure(_KEPT_ROWS) - kept,
            "pages": len(pages),
            "page p95 ms": sorted(pages)[int(len(pages) * 0.95)] * 1000,
            "most memory MiB": max(late.values()) // MIB,
            "memory grown MiB": max(late[name] - early.get(name, 0) for name in late if name in early) // MIB,
        }


def _pages(browser: Browser, end: float) -> list[float]:
    """Seconds for each, until `end`; one a half second, as a few agents ask."""
    found = []
    while time.monotonic() < end:
        for path in PAGES:
            with suppress(OSError):
                found.append(browser.get(path).seconds)
            time.sleep(0.15)
    return found
