"""Several people do different things with one thing at the same moment, over HTTP (S48, R15, R16): all or nothing, no deadlock, never a 5xx."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.installation import Installation, in_django, installation
from tests.walls.hostile.tally import IS_LONG, Tally

pytestmark = [pytest.mark.system, pytest.mark.slow(60), pytest.mark.timeout(3600 if IS_LONG else 900)]
Record = Callable[[str, object], None]

ROUNDS = 40 if IS_LONG else 3
_MAKE = """
import django; django.setup()
from django.test.utils import setup_test_environment
setup_test_environment()
from tests.walls.racing import write_down
write_down({place!r}, {rounds})
"""
Wish = tuple[str, str, dict[str, str]]


@dataclass
class Course:
    desk: Installation
    cookies: dict[str, dict[str, str]]
    csrf: str
    races: dict[str, list[list[Wish]]]
    statuses: Counter[int] = field(default_factory=Counter)

    def run(self, wishes: Sequence[Wish]) -> list[int]:
        """All at once: each line is open, and what is asked is written, before the first is sent."""
        answers, start = [0] * len(wishes), threading.Barrier(len(wishes))
        runners = [
            threading.Thread(target=self._ask, args=(wish, start, answers, place)) for place, wish in enumerate(wishes)
        ]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        self.statuses.update(answers)
        return answers

    def _ask(self, wish: Wish, start: threading.Barrier, answers: list[int], place: int) -> None:
        who, path, fields = wish
        line = http.client.HTTPConnection("localhost", self.desk.house.ports[0], timeout=120)
        line.connect()
        cookies = {self.csrf: "a" * 32, **self.cookies[who]}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        kind, body = _form({"csrfmiddlewaretoken": cookies[self.csrf], **fields})
        start.wait(60)
        line.request("POST", path, body, {**headers, "Content-Type": kind})
        said = line.getresponse()
        said.read()
        answers[place] = said.status
        line.close()


def _form(fields: dict[str, str]) -> tuple[str, bytes]:
    """With a file where one is among the fields."""
    if "uploads" not in fields:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"{"; filename=a.txt" if name == "uploads" else ""}\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "multipart/form-data; boundary=b", f"{''.join(parts)}--b--\r\n".encode()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder: Path = tmp_path_factory.mktemp("races")
    with installation(folder) as desk:
        told = folder / "races.json"
        in_django(desk.house, desk.url, _MAKE.format(place=str(told), rounds=ROUNDS))
        made = json.loads(told.read_text(encoding="utf-8"))
        yield Course(desk, made["cookies"], made["csrf"], made["races"])


RIGHT = {
    "merges": "SELECT count(*) FROM tickets_ticket a JOIN tickets_ticket b ON a.merged_into_id = b.id WHERE b.merged_into_id = a.id",
    "everything": "SELECT count(*) FROM tickets_ticket WHERE merged_into_id IS NOT NULL AND status <> 'closed'",
    "whose": "SELECT count(*) FROM tickets_ticket t JOIN customers_contact c ON c.id = t.contact_id WHERE t.customer_id <> c.customer_id",
    "orders": "SELECT count(*) FROM (SELECT 1 FROM tickets_event WHERE kind IN ('order_confirmed', 'order_refused') "
    "GROUP BY data->>'order' HAVING count(*) > 1) twice",
    "gathered": "SELECT count(*) FROM (SELECT 1 FROM incidents_incidentticket WHERE undone_at IS NULL AND released_at IS NULL "
    "GROUP BY ticket_id HAVING count(*) > 1) twice",
    "questions": "SELECT count(*) FROM (SELECT 1 FROM tickets_message WHERE text LIKE 'Una domanda %' GROUP BY text HAVING count(*) <> 1) x",
    "addresses": "SELECT count(*) FROM (SELECT 1 FROM customers_contactaddress GROUP BY contact_id HAVING count(*) FILTER (WHERE is_primary) <> 1) x",
    "requests": "SELECT count(*) FROM (SELECT 1 FROM tickets_message WHERE text LIKE 'Non funziona la posta %' GROUP BY text HAVING count(*) > 1) x",
}
"""What must never be found after a race: each counts what is wrong."""


@pytest.mark.parametrize(
    "name",
    [
        "merges", "everything", "whose", "erasing", "orders", "gathered", "taking", "links", "questions", "invitations", "addresses", "drafts",
        "names", "passwords", "requests",
    ],
)  # fmt: skip
def test_s48_r16_at_the_same_moment(course: Course, name: str, record_property: Record) -> None:
    tally, before = Tally(f"S48/R15/R16 {name} at the same moment"), len(course.desk.house.log)
    for wishes in course.races[name]:
        for wish, status in zip(wishes, course.run(wishes), strict=True):
            tally.add(wish, [status] if status >= 500 or status == 0 else [])
    if name in RIGHT:
        assert course.desk.figure(RIGHT[name]) == 0, RIGHT[name]
    record_property("counted", str(tally))
    tally.settle()
    log = course.desk.house.log[before:]
    assert not [words for words in ("deadlock", "internal server error", "traceback") if words in log.lower()], log[
        -3_000:
    ]
