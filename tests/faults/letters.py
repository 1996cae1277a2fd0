"""First mails of customers. Each customer writes once, so each gets one receipt."""

from __future__ import annotations

from tests.faults.installation import SUPPORT
from tests.faults.mail_server import Letter


def letter(number: int) -> Letter:
    sender, message_id = f"customer{number}@shop{number}.example", f"<fault-{number}@shop{number}.example>"
    lines = [
        f"From: Customer {number} <{sender}>",
        f"To: {SUPPORT}",
        f"Subject: The shop {number} does not open",
        f"Message-ID: {message_id}",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Good morning, since today shop{number}.example shows an error.",
        ".",
        f"Customer {number}",
        "",
    ]
    return Letter(message_id, sender, "\r\n".join(lines).encode())


def letters(first: int, count: int) -> list[Letter]:
    return [letter(number) for number in range(first, first + count)]
