"""Every field of every form, and every parameter of every address, with what nobody should write there (S02, S03, S13, S14, S23, S33, S37, S44).

The forms are those that our own pages show; the parameters are those that our own code reads. Nothing may fail, run or be taken for code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sportello
from tests.walls.hostile.forms import Form, Site
from tests.walls.hostile.pages import harms_of
from tests.walls.hostile.tally import IS_LONG, Tally, sample
from tests.walls.hostile.words import CLASSES, EVERY
from tests.walls.hostile.writes import COLUMNS, NOT_OF_A_FORM, differences, written
from tests.walls.visitors import ADMIN, ANYBODY, CUSTOMER, Catalogue, people, undone
from tests.walls.world import Person, World

pytestmark = [pytest.mark.slow(30), pytest.mark.timeout(3600 if IS_LONG else 600)]
Record = Callable[[str, object], None]

CHECK_OF = {"scripts": "S02/S03", "templates": "S37", "queries": "S33", "breaks": "S23", "extremes": "S14/S44"}
PER_FIELD = 12 if IS_LONG else 1
"""How many values a field gets, of all classes in turn."""
PER_ADDRESS = 30 if IS_LONG else 1
"""How many queries an address gets, each with a value for every parameter."""
_READ = re.compile(
    r"(?:GET|query)\.get\(\"(\w+)\"|\"(\w+)\" (?:not )?in request\.GET|searched\(request\.GET\.dict\(\), \"(\w+)\"|def searched\(.*\"(\w+)\""
)


def send(client: Client, form: Form, changed: dict[str, Any]) -> list[str]:
    """What the form does with it, and what the page that follows shows of it."""
    fields = {name: "" if value is None else value for name, value in {**dict(form.fields), **changed}.items()}
    with undone(client):
        answer = client.post(form.action, fields) if form.method == "POST" else client.get(form.action, fields)
        harms = harms_of(answer)
        target = answer.get("Location", "")
        if target.startswith("/"):
            harms += harms_of(client.get(target))
    return harms


def parameters() -> list[str]:
    """The names that our code looks for in a query."""
    found = {
        name
        for file in Path(sportello.__file__).parent.rglob("*.py")
        for pair in _READ.findall(file.read_text())
        for name in pair
        if name
    }
    assert {"q", "show", "customers", "page", "find", "number", "older", "next"} <= found
    return sorted(found)


def values() -> Iterator[tuple[str, str]]:
    """Class and value, for ever, the classes in turn."""
    of_class = {name: cycle(words) for name, words in CLASSES.items()}
    for name in cycle(of_class):
        yield name, next(of_class[name])


@pytest.mark.usefixtures("shared_world")
def test_s13_a_form_writes_nothing_that_it_does_not_show(catalogue: Catalogue, record_property: Record) -> None:
    """Sent as it stands, and with every field of all other forms and of the rows behind: the same is written."""
    tally = Tally("S13 fields of all forms in every form")
    found = [(person, form) for person, form in catalogue if form.method == "POST"]
    of_action: dict[str, set[str]] = {}
    for _, form in found:
        of_action.setdefault(form.key[1], set()).update(form.key[2], form.files)
    others = {name: value for _, form in found for name, value in form.fields} | COLUMNS
    quiet = 0
    for person, form in sample(found, 25):
        own = of_action[form.key[1]] | NOT_OF_A_FORM
        more = {name: value for name, value in others.items() if name not in own}
        writes, harms = compared(person, form, more)
        quiet += not writes
        tally.add(f"{person.name} {form} with {len(more)} more", harms)
        tally.tried += len(more) - 1
    record_property("counted", str(tally))
    assert quiet < len(found) / 2, "most forms do write something, else this has shown nothing"
    tally.settle()


def compared(person: Person, form: Form, more: Mapping[str, str], tries: int = 2) -> tuple[bool, list[str]]:
    """Whether the form writes anything, and what otherwise with more fields: looked at anew, since a minute may have passed in between."""
    first, again = written(person, form, {}), written(person, form, {})
    harms = list(differences(first, again, written(person, form, more)))
    if harms and tries > 1:
        return compared(person, form, more, tries - 1)
    return bool(first), harms


def settle(tallies: dict[str, Tally], record: Record) -> None:
    for tally in tallies.values():
        record("counted", str(tally))
    for tally in tallies.values():
        tally.settle()


@pytest.mark.usefixtures("shared_world")
def test_s02_s23_s33_s37_every_field_of_every_form(catalogue: Catalogue, record_property: Record) -> None:
    tallies = {name: Tally(f"{check} every field of every form, {name}") for name, check in CHECK_OF.items()}
    turn = values()
    for person, form in catalogue:
        for field, _ in form.fields:
            for name, value in islice(turn, PER_FIELD):
                tallies[name].add(f"{person.name} {form} {field}={value!r}", send(person.client, form, {field: value}))
    tallies["invented"] = _invented(catalogue)
    settle(tallies, record_property)


def _invented(found: Catalogue) -> Tally:
    """All fields of a form at once, with whatever hypothesis comes upon."""
    tally = Tally("S02/S44 every form with invented values")

    @given(st.sampled_from(found), st.data())
    @settings(
        max_examples=2_000 if IS_LONG else 25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def invent(one: tuple[Person, Form], data: st.DataObject) -> None:
        person, form = one
        fields = {
            name: data.draw(st.one_of(st.just(good), st.sampled_from(EVERY), st.text(max_size=300)), label=name)
            for name, good in form.fields
        }
        harms = send(person.client, form, fields)
        tally.add(f"{person.name} {form} {fields}", harms)
        assert harms == []

    invent()
    return tally


def test_s03_every_parameter_of_every_address(shared_world: World, site: Site, record_property: Record) -> None:
    tallies = {name: Tally(f"{check} every parameter of every address, {name}") for name, check in CHECK_OF.items()}
    names, turn = [*parameters(), "unheard_of"], values()
    paths = [path for _, path in site.paths("GET")]
    for person in people(shared_world).values():
        for path in paths:
            for name, value in islice(turn, PER_ADDRESS):
                query = {
                    parameter: value if number % 2 else CLASSES[name][number % len(CLASSES[name])]
                    for number, parameter in enumerate(names)
                }
                with undone(person.client):
                    tallies[name].add(
                        f"{person.name} {path} {query}", harms_of(person.client.get(f"{path}?{urlencode(query)}"))
                    )
    settle(tallies, record_property)


# -- bodies that are no form -------------------------------------------------------------------------------------------------------------
MEBIBYTE = "a" * (1 << 20)
BOUNDARY = "b"
BODIES: list[tuple[str, bytes]] = [
    ("application/x-www-form-urlencoded", b"text=%ED%A0%80%ED%B0%80&q=%ED%A0%80"),
    ("application/x-www-form-urlencoded", b"text=%00%FF%FE&name=%C0%80"),
    ("application/x-www-form-urlencoded", b"text[]=a&text[a]=b&text=1&text=2&q[$ne]=1"),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=x" % n for n in range(5_000))),
    ("application/x-www-form-urlencoded", b"=&&==&%&%%&+&;"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"text=+ADw-"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"text=a"),
    ("application/json", b'{"text": null, "q": [1e400, {"a": "\\ud800"}]}'),
    ("application/json", b"[" * 50_000),
    ("text/plain", b"text=a"),
    ("", b"text=a"),
    ("multipart/form-data", b"--b\r\n\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=" + "x" * 5_000, b"--x"),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xed\xa0\x80\0\r\n--b--',
    ),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="uploads"; filename="\xff\xed\xa0\x80\0"\r\n\r\nx\r\n--b--',
    ),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="uploads"; filename=""\r\n\r\nx\r\n--b--',
    ),
    (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data; name*=utf-8''%ED%A0%80; filename*=x'y'z\r\n\r\nx\r\n--b--",
    ),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name="text"\r\n\r\n!!!\r\n--b--',
    ),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="text"\r\nContent-Type: text/html; charset=zlib\r\n\r\nx\r\n--b--',
    ),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nnever closed'),
    ("multipart/form-data; boundary=b", b"--b\r\n" + b"A: b\r\n" * 20_000 + b"\r\nx\r\n--b--"),
    (
        "multipart/form-data; boundary=b",
        b"".join(
            b'--b\r\nContent-Disposition: form-data; name="uploads"; filename="f"\r\n\r\nx\r\n' for _ in range(200)
        )
        + b"--b--",
    ),
]


def test_s14_s44_bodies_that_are_no_form(shared_world: World, site: Site, record_property: Record) -> None:
    tally = Tally("S14/S44 strange bodies")
    paths = [path for _, path in site.paths("POST")]
    for person in [people(shared_world)[name] for name in (ADMIN, CUSTOMER, ANYBODY)]:
        for number, path in enumerate(paths):
            for kind, body in BODIES if IS_LONG else [BODIES[number % len(BODIES)]]:
                with undone(person.client):
                    tally.add(
                        f"{person.name} {path} {kind[:80]} {body[:80]!r}",
                        harms_of(person.client.generic("POST", path, body, content_type=kind)),
                    )
    record_property("counted", str(tally))
    tally.settle()


def test_s44_a_mebibyte_in_every_kind_of_field(shared_world: World, site: Site, record_property: Record) -> None:
    tally = Tally("S44 a mebibyte in a field")
    who = people(shared_world)
    wanted = {
        "account_login",
        "desk:reply",
        "desk:note",
        "desk:reply-draft",
        "desk:rename",
        "portal:sign-in",
        "portal:reply",
        "desk:customer-new",
        "desk:tag",
    }
    paths = [path for address, path in site.paths("POST") if address.name in wanted]
    assert len(paths) >= 7
    for person, path in product(who.values(), paths):
        with undone(person.client):
            fields = dict.fromkeys(
                ["login", "password", "text", "name", "subject", "address", "seen_version", "tab", "q"], MEBIBYTE
            )
            tally.add(f"{person.name} {path}", harms_of(person.client.post(path, fields)))
    for person, path in product(who.values(), ["/desk/search", "/portal/search", "/desk/customers/", "/desk/mail/"]):
        tally.add(
            f"{person.name} {path}",
            harms_of(person.client.get(path, {"q": MEBIBYTE, "find": MEBIBYTE, "older": MEBIBYTE})),
        )
    record_property("counted", str(tally))
    tally.settle()


def test_a_very_long_address_leads_to_the_sign_in_all_the_same(db: None) -> None:
    answer = Client().get("/desk/", {"q": "a" * 20_000})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
