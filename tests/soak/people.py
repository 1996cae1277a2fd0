"""Agents who read and answer, and customers who read, each at a browser of their own, until the run is over."""

from __future__ import annotations

import gzip
import re
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from random import Random
from uuid import uuid4

from bench.visiting import Visitor
from tests.soak.waits import Answer, Waits

SIGN_IN = "/account/login/"
PAUSE_SECONDS = 5.0
"""Between two things that one person does, half as long at least."""
PATIENCE = 60.0
REFUSED = 422
REFUSAL = re.compile(r"data-refused>([^<]*)<")
TICKET = re.compile(r"/desk/tickets/(?!00000000-)([0-9a-f-]{36})/")
"""Not the address that the script fills a ticket's id into."""
OWN_TICKET = re.compile(r"/portal/tickets/([0-9a-f-]{36})/")


class Person(threading.Thread, ABC):
    """`enter` signs in, at first and whenever a session has ended."""

    def __init__(self, visitor: Visitor, enter: Callable[[Visitor], None], waits: Waits, place: int) -> None:
        super().__init__(daemon=True)
        self.visitor = visitor
        self.waits = waits
        self.chance = Random(place)  # noqa: S311 - the same turns every time
        self._enter = enter
        self.over = threading.Event()

    def leave(self) -> None:
        self.over.set()
        self.join(PATIENCE)
        self.visitor.close()

    def arrive(self) -> None:
        """One after the other: very many at once would be asked to wait, as those are who guess passwords."""
        self._enter(self.visitor)

    def run(self) -> None:
        try:
            self.stay()
        except Exception as error:  # a person who has gone away without a word would be missing in the figures
            self.waits.fail(f"{type(self).__name__}: {error!r:.200}")
            raise

    @abstractmethod
    def stay(self) -> None:
        """Until the run is over."""

    def page(self, kind: str, path: str) -> str:
        """Its text; nothing when it did not come."""
        answer = self.waits.timed(kind, lambda: self.visitor.ask("GET", path), path=path)
        if answer[0] == 302:
            self._enter(self.visitor)
            answer = self.waits.timed(kind, lambda: self.visitor.ask("GET", path), path=path)
        return text_of(answer) if answer[0] == 200 else ""


class Busy(Person):
    """Does one thing after the other, with pauses."""

    def stay(self) -> None:
        while not self.over.wait(PAUSE_SECONDS * (0.5 + self.chance.random())):
            self.turn()

    @abstractmethod
    def turn(self) -> None: ...


class Agent(Busy):
    """Looks at the queue, opens a ticket, answers it, every second time as solved."""

    def __init__(self, visitor: Visitor, enter: Callable[[Visitor], None], waits: Waits, place: int) -> None:
        super().__init__(visitor, enter, waits, place)
        self.answers: list[str] = []
        """A mark in each that the desk has taken."""
        self.refusals = Counter[str]()
        """The page again, with what a person has to look at first."""

    def turn(self) -> None:
        tickets = TICKET.findall(self.page("queue", "/desk/"))
        if not tickets:
            return
        path = f"/desk/tickets/{self.chance.choice(tickets)}/"
        form = hidden_fields(self.page("ticket", path), f"{path}reply")
        if not form or self.over.is_set():
            return
        mark = f"answer-{uuid4().hex}"
        form |= {"text": f"Buongiorno, è stato sistemato.\n\n{mark}", "then": self.chance.choice(["keep", "solve"])}
        answer = self.waits.timed(
            "answer", lambda: self.visitor.ask("POST", f"{path}reply", form), path=f"{path}reply", also=REFUSED
        )
        if answer[0] == REFUSED:
            self.refusals.update(REFUSAL.findall(text_of(answer)))
        elif answer[0] == 302:
            self.answers.append(mark)


class Customer(Busy):
    def turn(self) -> None:
        self.page("customer's home", "/portal/")
        own = OWN_TICKET.findall(self.page("customer's list", "/portal/requests/"))
        if own:
            self.page("customer's ticket", f"/portal/tickets/{self.chance.choice(own)}/")


def signing_in(email: str, password: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.sign_in(SIGN_IN, email, password)


def entering(secret: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.enter(f"/portal/enter/{secret}/")


@contextmanager
def present(people: Sequence[Person]) -> Iterator[None]:
    """They come, what that takes is not counted, and leave at the end."""
    for person in people:
        person.arrive()
    with ExitStack() as stack:
        for person in people:
            person.start()
            stack.callback(person.leave)
        yield
        for person in people:
            person.over.set()  # all at once, so that nobody waits for the others


def text_of(answer: Answer) -> str:
    _status, headers, content = answer
    return (gzip.decompress(content) if headers.get("content-encoding") == "gzip" else content).decode()


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """Of the form that goes there; {} when the page has none."""
    reader = _Fields(action)
    reader.feed(page)
    return reader.found


class _Fields(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._action = action
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self._inside = values.get("action") == self._action
        if self._inside and tag == "input" and values.get("type") == "hidden" and values.get("name"):
            self.found[str(values["name"])] = values.get("value") or ""
