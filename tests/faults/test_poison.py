"""Mails that want to do harm, among good ones (R09, S35): all are kept, each is listed or a ticket, and the good ones do not wait for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.config.house import until
from tests.faults import counts
from tests.faults.browser import Browser
from tests.faults.consumption import MIB, Consumption
from tests.faults.installation import SUPPORT, Installation, installation
from tests.faults.letters import letter
from tests.faults.mail_server import Letter, MailServer
from tests.faults.poison import poison

pytestmark = [pytest.mark.system, pytest.mark.slow(50), pytest.mark.timeout(600)]

SENDER = "anna@poison.example"
A_GOOD_ONE_EVERY = 4
GOOD_SECONDS = 60.0
MOST_MEMORY = 512 * MIB
MOST_PROCESSOR_SECONDS = 30.0
PAGE_SECONDS = 10.0
SLOWEST_GOOD = (
    "SELECT max(extract(epoch FROM processed_at - received_at)) FROM mail_inboundmail WHERE envelope_from <> %s"
)
UNREAD = (
    "SELECT count(*) FROM mail_inboundmail WHERE envelope_from = %s AND (state = 'failed' OR reason = 'filed_unread')"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as found:
        yield found


def mixed(bad: dict[str, bytes]) -> Iterator[Letter]:
    for number, (name, raw) in enumerate(bad.items()):
        yield Letter(name, SENDER, raw)
        if number % A_GOOD_ONE_EVERY == 0:
            yield letter(number)


def pages(desk: Installation) -> Iterator[str]:
    """Everywhere that what a poison mail says is shown."""
    yield from ("/desk/", "/desk/mail/")
    for (public_id,) in desk.ask("SELECT public_id FROM mail_inboundmail"):
        yield from (f"/desk/mail/{public_id}/", f"/desk/mail/{public_id}/source")
    for (public_id,) in desk.ask("SELECT public_id FROM tickets_ticket"):
        yield f"/desk/tickets/{public_id}/"


def failing(browser: Browser, paths: Iterator[str]) -> list[str]:
    answers = {path: browser.get(path) for path in paths}
    return [
        f"{path}: {answer.status} after {answer.seconds:.1f} s"
        for path, answer in answers.items()
        if answer.status != 200 or answer.seconds > PAGE_SECONDS
    ]


def test_r09_s35_poison_harms_nobody(desk: Installation, record_property: Callable[[str, object], None]) -> None:
    bad = poison()
    everything = list(mixed(bad))
    with MailServer(desk.lmtp_port, SUPPORT) as postfix, Consumption(desk) as spent:
        postfix.hand_over(everything)
        until(lambda: len(postfix.acknowledged) == len(everything), seconds=60, what="every mail is acknowledged")
        until(lambda: counts.waiting(desk) == 0, seconds=120, what="every mail is read or given up")
        browser = Browser(desk)
        browser.sign_in()
        broken = failing(browser, pages(desk))

    kept = {
        raw_id
        for (raw_id,) in desk.ask("SELECT sha256 FROM mail_rawmail WHERE sha256 = encode(sha256(content), 'hex')")
    }
    lost = [name for name, raw in bad.items() if hashlib.sha256(raw).hexdigest() not in kept]
    found = counts.of_mail(desk, (good.message_id for good in everything if good.sender != SENDER))
    slowest = float(desk.ask(SLOWEST_GOOD, SENDER)[0][0])
    figures: counts.Figures = {
        "faults": len(bad), "survived": len(bad) - len(lost), "unreadable": desk.figure(UNREAD, SENDER), **found,
        "slowest good one s": slowest, "most memory MiB": max(spent.memory.values()) // MIB, "most processor s": max(spent.seconds.values()),
    }  # fmt: skip
    counts.tell(record_property, "poison", figures)
    assert lost == []
    assert (found["lost"], found["doubled"], found["half tickets"]) == (0, 0, 0)
    assert broken == []
    assert slowest < GOOD_SECONDS
    assert {name: held // MIB for name, held in spent.memory.items() if held > MOST_MEMORY} == {}
    assert {name: seconds for name, seconds in spent.seconds.items() if seconds > MOST_PROCESSOR_SECONDS} == {}
