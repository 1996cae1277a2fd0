"""What became of every mail, told by the database and by the mail server that takes ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from email import message_from_bytes

from tests.faults.installation import Installation
from tests.mail.smtp_server import Conduct

_DOUBLED_MAILS = "SELECT count(*) FROM (SELECT raw_id FROM mail_inboundmail GROUP BY raw_id HAVING count(*) > 1) twice"
_DOUBLED_MESSAGES = "SELECT count(*) FROM (SELECT inbound_id FROM tickets_message WHERE inbound_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1) twice"
WITHOUT_MESSAGE = """
    SELECT count(*) FROM tickets_ticket ticket
     WHERE merged_into_id IS NULL AND NOT EXISTS (SELECT FROM tickets_message WHERE ticket_id = ticket.id)
"""
"""What was said in one that was joined to another stands there."""
_FILED_NOWHERE = """
    SELECT count(*) FROM mail_inboundmail mail
     WHERE state = 'filed' AND NOT EXISTS (SELECT FROM tickets_message WHERE inbound_id = mail.id)
"""
_WAITING = "SELECT count(*) FROM mail_inboundmail WHERE state = 'received'"
_UNSENT = "SELECT count(*) FROM mail_outboundmail WHERE state <> 'sent'"
_RECEIPTS_OF_ONE = (
    'SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM mail_outboundmail GROUP BY "to") each_reader'
)


def waiting(desk: Installation) -> int:
    """Mails that nobody has read yet."""
    return desk.figure(_WAITING)


def unsent(desk: Installation) -> int:
    return desk.figure(_UNSENT)


def of_mail(desk: Installation, acknowledged: Iterable[str]) -> dict[str, int]:
    """Of what was acknowledged, by Message-ID: how much is there, how much of that stands in a ticket, what is gone, there twice, and how
    many tickets are half made.
    """
    promised = set(acknowledged)
    states = desk.ask("SELECT message_id, state FROM mail_inboundmail")
    found = {message_id for message_id, _ in states} & promised
    filed = {message_id for message_id, state in states if state == "filed"} & promised
    return {
        "acknowledged": len(promised),
        "found": len(found),
        "filed": len(filed),
        "lost": len(promised - found),
        "doubled": desk.figure(_DOUBLED_MAILS) + desk.figure(_DOUBLED_MESSAGES),
        "half tickets": desk.figure(WITHOUT_MESSAGE) + desk.figure(_FILED_NOWHERE),
    }


def all_filed(mails: int) -> dict[str, int]:
    """What `of_mail` gives where each of so many mails is in a ticket once."""
    return {"acknowledged": mails, "found": mails, "filed": mails, "lost": 0, "doubled": 0, "half tickets": 0}


def most_receipts_to_one(desk: Installation) -> int:
    return desk.figure(_RECEIPTS_OF_ONE)


def copies(world: Conduct) -> Counter[str]:
    """How often each of our mails reached the world, by its Message-ID."""
    return Counter(str(message_from_bytes(got.content)["Message-ID"]) for got in world.got)


Figures = dict[str, int | float | str]


def tell(record: Callable[[str, object], None], what: str, figures: Figures) -> None:
    """For the end of the run: as a sentence, and to be added up with those of other tests (tests/conftest.py)."""
    record("counted", f"{what}: {sentence(figures)}")
    record("faults", figures)


def sentence(figures: Figures) -> str:
    """As it is printed at the end of a run."""
    return ", ".join(
        f"{name} {value:.1f}" if isinstance(value, float) else f"{name} {value}" for name, value in figures.items()
    )
