"""Every form and address of a started installation, over HTTP, with what nobody should write there: never a 5xx, nothing runs (S02, S03, S14, S44).

The walls' other tests ask inside one process, where each try is undone. Here stand the server, its limits and its connections in between, and what is
written stays.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.installation import Installation, in_django, installation
from tests.walls.hostile.forms import Form, Site
from tests.walls.hostile.pages import harms_of
from tests.walls.hostile.requests import Visitor, answer_to, random_request
from tests.walls.hostile.tally import IS_LONG, Tally, sample
from tests.walls.hostile.words import EVERY
from tests.walls.test_s02_forms import BODIES, parameters
from tests.walls.visitors import ADMIN, ANYBODY, CUSTOMER

pytestmark = [pytest.mark.system, pytest.mark.slow(60), pytest.mark.timeout(3600 if IS_LONG else 600)]
Record = Callable[[str, object], None]

FORM = "application/x-www-form-urlencoded"
A_WORLD = """
import json, sys
import django; django.setup()
from django.conf import settings
from django.test.utils import setup_test_environment
setup_test_environment()
from tests.walls.hostile.forms import Site
from tests.walls.visitors import people
from tests.walls.world import World
world = World()
site = Site.of(world)
print(json.dumps({{
    "paths": {{method: [path for _, path in site.paths(method)] for method in ("GET", "POST")}},
    "cookies": {{name: {{key: morsel.value for key, morsel in person.client.cookies.items()}} for name, person in people(world).items()}},
    "csrf": settings.CSRF_COOKIE_NAME,
}}), file=open({place!r}, "w"))
"""


@dataclass
class Answer:
    """As the test's client of Django gives one, as far as it is looked at."""

    status_code: int
    headers: http.client.HTTPMessage
    content: bytes
    request: dict[str, str]
    streaming: bool = False

    def __getitem__(self, name: str) -> str:
        return self.headers[name]

    def get(self, name: str, otherwise: str = "") -> str:
        return self.headers.get(name, otherwise)

    def items(self) -> Sequence[tuple[str, str]]:
        return self.headers.items()


@dataclass
class Browser:
    """What one person sends, with the cookies they came with: what an answer sets is forgotten, so that nobody is signed out for good."""

    name: str
    port: int
    cookies: dict[str, str]
    csrf: str
    statuses: dict[int, int] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = FORM) -> Answer:
        line = http.client.HTTPConnection("localhost", self.port, timeout=60)
        cookies = {self.csrf: "a" * 32, **self.cookies}
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies[self.csrf],
            **({"Content-Type": kind} if method == "POST" else {}),
        }
        line.request(method, path, body or None, headers)
        said = line.getresponse()
        answer = Answer(said.status, said.headers, said.read(), {"PATH_INFO": path.partition("?")[0]})
        line.close()
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        return answer

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def send(self, form: Form, changed: dict[str, str]) -> list[str]:
        written = urlencode({**dict(form.fields), **changed}, errors="surrogatepass")
        if form.method == "POST":
            return harms_of(self.ask("POST", form.action, written.encode()))
        return harms_of(self.get(f"{form.action.partition('?')[0]}?{written}"))


class Started(Site):
    """The addresses that the installation itself has said, each opened over HTTP."""

    def __init__(self, paths: dict[str, list[str]]) -> None:
        self._paths = paths

    def paths(self, method: str) -> list[tuple[Any, str]]:
        return [(None, path) for path in self._paths[method]]


@dataclass
class Open:
    desk: Installation
    site: Started
    people: list[Browser]

    def forms(self) -> Iterator[tuple[Browser, Form]]:
        for person in self.people:
            yield from ((person, form) for form in self.site.forms(person))  # type: ignore[arg-type] # asks as Django's client does


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    folder: Path = tmp_path_factory.mktemp("over-http")
    with installation(folder) as desk:
        told = folder / "world.json"
        in_django(desk.house, desk.url, A_WORLD.format(place=str(told)))
        world = json.loads(told.read_text(encoding="utf-8"))
        people = [
            Browser(name, desk.house.ports[0], world["cookies"][name], world["csrf"])
            for name in (ANYBODY, CUSTOMER, ADMIN)
        ]
        yield Open(desk, Started(world["paths"]), people)


def stays_in(path: str) -> bool:
    """Whoever signs out on purpose would try nothing any more."""
    return not any(word in path for word in ("sign-out", "logout"))


def still_there(opened: Open) -> None:
    """Nobody was signed out by what was tried, and nothing was written down as a fault of ours."""
    for person, path in zip(opened.people, ("/portal/sign-in/", "/portal/", "/desk/"), strict=True):
        assert person.get(path).status_code == 200, f"{person.name} is not in any more: what was tried has shown little"
    assert no_fault_of_ours(opened)


def no_fault_of_ours(opened: Open) -> bool:
    """In the log of the installation."""
    return not any(
        words in opened.desk.house.log for words in ("Internal Server Error", "raised an exception", "Traceback")
    )


def test_s03_s14_every_address_over_http(opened: Open, record_property: Record) -> None:
    """Each with a query in which every parameter that our code reads is hostile, and with a body that is no form."""
    tally, values, bodies = Tally("S03/S14/S44 every address of a started installation"), cycle(EVERY), cycle(BODIES)
    names = [*parameters(), "unheard_of"]
    for person in opened.people:
        for method in ("GET", "POST"):
            for _, path in sample([one for one in opened.site.paths(method) if stays_in(one[1])], 60):
                query = urlencode({name: next(values) for name in names}, errors="surrogatepass")
                kind, body = next(bodies) if method == "POST" else ("", b"")
                answer = person.ask(method, f"{path}?{query[:6_000]}", body, kind)
                tally.add(f"{person.name} {method} {path}?{query}", harms_of(answer))
    record_property("counted", str(tally))
    tally.settle()
    still_there(opened)


def test_s44_random_requests(opened: Open, record_property: Record) -> None:
    """Put together byte by byte, at every address, by everybody: never a 5xx, never a line without an answer, never a traceback."""
    tally = Tally("S14/S34/S44 random requests to a started installation")
    paths = [path for method in ("GET", "POST") for _, path in opened.site.paths(method) if stays_in(path)]
    names, port = parameters(), opened.desk.house.ports[0]
    for number in range(20_000 if IS_LONG else 400):
        person = opened.people[number % len(opened.people)]
        raw = random_request(f"random {number}", paths, names, Visitor(person.cookies, person.csrf, port))
        said = answer_to(raw, port).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        status = said[9:12].decode("latin-1")
        tally.add(f"{number} {raw[:200]!r}", [] if status[:1] in {"2", "3", "4"} else [f"answered {said[:60]!r}"])
    record_property("counted", str(tally))
    tally.settle()
    assert no_fault_of_ours(opened)


def test_s02_every_form_over_http(opened: Open, record_property: Record) -> None:
    """Each field of each form in turn, then all fields at once with whatever hypothesis comes upon."""
    tally, values = Tally("S02/S33/S37/S44 every form of a started installation"), cycle(EVERY)
    found = [(person, form) for person, form in opened.forms() if stays_in(form.action)]
    assert len(found) > 100, [person.statuses for person in opened.people]
    for person, form in sample(found, 120):
        for name, _good in form.fields if IS_LONG else form.fields[:1]:
            value = next(values)
            tally.add(f"{person.name} {form} {name}={value!r}", person.send(form, {name: value}))

    still_there(opened)

    @given(st.sampled_from(found), st.data())
    @settings(
        max_examples=2_000 if IS_LONG else 80, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def invent(one: tuple[Browser, Form], data: st.DataObject) -> None:
        person, form = one
        anything = st.one_of(st.sampled_from(EVERY), st.text(max_size=300))
        fields = {name: data.draw(st.one_of(st.just(good), anything), label=name) for name, good in form.fields}
        harms = person.send(form, fields)
        tally.add(f"{person.name} {form} {fields}", harms)
        assert harms == []

    invent()
    record_property("counted", str(tally))
    tally.settle()
    assert no_fault_of_ours(
        opened
    )  # who is signed out by now was so rightly: among the forms are those that take an access away
