"""Customers' mails for the mail door: a quarter with 200 KiB attached, six in ten with an HTML part, all from a fixed seed."""

from __future__ import annotations

import smtplib
import statistics
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from random import Random

import psycopg

from bench.cast import MAILERS, SUPPORT, address_of
from bench.stage import Stage
from bench.words import SEED, Writer
from bench.yardstick import beside

ATTACHED_BYTES = 200 * 1024
FILED_LIMIT = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Posted:
    """Mails a second accepted and filed, milliseconds to the 250, CPU milliseconds a mail of door, worker and database together, and
    what the yardstick took around it.
    """

    mails: int
    accepted_a_second: float
    accepted_p50: float
    accepted_p95: float
    filed_a_second: float
    cpu_a_mail: float
    cpu_by_process: Mapping[str, float]
    yardstick: float


def write_mails(count: int, *, run: str) -> list[tuple[str, bytes]]:
    """Sender and bytes of each mail. `run` makes Message-IDs and words those of one run: what came before is not taken twice, and what a sender
    wrote before in the same words would be joined by itself, which costs as much again.
    """
    writer, chance = Writer(talk=run), Random(SEED)  # noqa: S311 - the same senders every time
    mails = [write_mail(f"{run}.{index}", writer, chance) for index in range(count)]
    return [(mail.sender, mail.raw) for mail in mails]


@dataclass(frozen=True, slots=True)
class Written:
    message_id: str
    sender: str
    raw: bytes


def write_mail(name: str, writer: Writer, chance: Random) -> Written:
    """`name` makes its Message-ID; everything else is drawn."""
    who = 1 + chance.randrange(MAILERS)
    sender = address_of(who)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Persona {who} <{sender}>"
    mail["To"] = SUPPORT
    mail["Subject"] = writer.subject()
    mail["Message-ID"] = message_id = f"<bench.{name}@cliente{who}.example>"
    text = writer.text()
    mail.set_content(text)
    if chance.random() < 0.6:
        mail.add_alternative(f"<div><p>{text}</p></div>", subtype="html")
    if chance.random() < 0.25:
        mail.add_attachment(chance.randbytes(ATTACHED_BYTES), maintype="application", subtype="zip", filename="log.zip")
    return Written(message_id, sender, mail.as_bytes())


def post(stage: Stage, mails: list[tuple[str, bytes]], senders: int) -> Posted:
    """Hands all mails over from several senders at once, then waits until the last one is filed."""
    with beside() as machine:
        cpu, begun = _cpu(stage), time.perf_counter()
        with ThreadPoolExecutor(senders) as pool:
            shares = pool.map(lambda place: hand_over(stage.lmtp_port, mails[place::senders]), range(senders))
            taken = sorted(value for share in shares for value in share)
        accepted = time.perf_counter() - begun
        _wait_until_filed(stage)
        filed = time.perf_counter() - begun
        spent = {name: (seconds - cpu[name]) / len(mails) * 1000 for name, seconds in _cpu(stage).items()}
    return Posted(
        mails=len(mails),
        accepted_a_second=len(mails) / accepted,
        accepted_p50=statistics.median(taken),
        accepted_p95=taken[int(len(taken) * 0.95)],
        filed_a_second=len(mails) / filed,
        cpu_a_mail=sum(spent.values()),
        cpu_by_process=spent,
        yardstick=machine.taken,
    )


def _cpu(stage: Stage) -> dict[str, float]:
    """Seconds so far. The readers are children of the worker."""
    readers = stage.cpu_seconds("sportello.mail.parsing.child")
    return {
        "door": stage.cpu_seconds("mail-door"),
        "worker": stage.cpu_seconds("worker") - readers,
        "readers": readers,
        "database": stage.cpu_seconds("postgres"),
    }


def hand_over(port: int, mails: Sequence[tuple[str, bytes]]) -> list[float]:
    """Milliseconds until each was accepted, one after the other by LMTP."""
    taken = []
    with smtplib.LMTP("127.0.0.1", port) as door:
        for sender, raw in mails:
            begun = time.perf_counter()
            refused = door.sendmail(sender, [SUPPORT], raw)
            if refused:
                raise RuntimeError(f"refused: {refused}")
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _wait_until_filed(stage: Stage) -> None:
    limit = time.monotonic() + FILED_LIMIT
    with psycopg.connect(stage.database_url, autocommit=True) as line:
        while time.monotonic() < limit:
            row = line.execute("SELECT count(*) FROM mail_inboundmail WHERE state = 'received'").fetchone()
            if row == (0,):
                return
            time.sleep(0.1)
    raise RuntimeError(f"mails still not filed after {FILED_LIMIT:.0f} s")
