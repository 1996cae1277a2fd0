"""R09: several mails of the largest size that the door takes, all at once, and what each process holds in memory meanwhile."""

from __future__ import annotations

import base64
import random
import time
from pathlib import Path
from typing import Any

from tests.config.house import until
from tests.faults import counts
from tests.faults.consumption import MIB, Consumption
from tests.faults.installation import SUPPORT, installation
from tests.faults.letters import letter
from tests.faults.mail_server import Letter, MailServer

FILE_BYTES = 23_700_000
"""In base64 with its line ends this makes a mail of 31 MiB."""
_FILE_HEAD = (
    b"\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=site.zip\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)
MOST_MEMORY = 512 * MIB
PATIENCE_SECONDS = 300.0
_FILED = "SELECT count(*) FROM mail_inboundmail WHERE state = 'filed'"


def big_letter(number: int) -> Letter:
    mail = letter(number)
    file = base64.encodebytes(random.Random(number).randbytes(FILE_BYTES)).replace(b"\n", b"\r\n")  # noqa: S311 - not a secret
    head, _, text = mail.raw.partition(b"\r\nContent-Type: text/plain")
    parts = (
        b"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain",
        text,
        _FILE_HEAD,
        file,
        b"--b--\r\n",
    )
    return Letter(mail.message_id, mail.sender, b"".join((head, *parts)))


def run(folder: Path, *, mails: int) -> dict[str, Any]:
    letters = [big_letter(number) for number in range(mails)]
    with installation(folder) as desk, MailServer(desk.lmtp_port, SUPPORT) as postfix, Consumption(desk) as spent:
        begun = time.monotonic()
        postfix.hand_over(letters)
        until(lambda: desk.figure(_FILED) == mails, seconds=PATIENCE_SECONDS, what="every mail is a ticket")
        found = counts.of_mail(desk, (mail.message_id for mail in letters))
    most = max(spent.memory, key=lambda name: spent.memory[name])
    return {
        "event": "big mails",
        **found,
        "MiB of each": len(letters[0].raw) // MIB,
        "all filed after s": time.monotonic() - begun,
        "most memory MiB": spent.memory[most] // MIB,
        "of": most,
        "too large": [name for name, held in spent.memory.items() if held > MOST_MEMORY],
    }
