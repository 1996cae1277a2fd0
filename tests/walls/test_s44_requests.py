"""Requests as no browser sends them, to every address: methods, headers, ranges, encodings; files
of strangers (S39); and questions to the database behind (S14, S33, S44)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sportello.core.files import MARK
from sportello.tickets.models import Attachment, HeldFile
from tests.conftest import Tried
from tests.walls.asking import steady
from tests.walls.hostile.forms import Site
from tests.walls.hostile.pages import harms_of, text_of
from tests.walls.hostile.tally import IS_LONG, Tally, sample
from tests.walls.test_s02_forms import parameters
from tests.walls.visitors import ADMIN, CUSTOMER, people, undone
from tests.walls.world import Person, World

pytestmark = [pytest.mark.slow(30), pytest.mark.timeout(3600 if IS_LONG else 600)]
Record = Callable[[str, object], None]
PER_ADDRESS = 12 if IS_LONG else 1

LONG = "a" * 8_000
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "MKCOL",
    "get",
    "X" * 300,
    "G\u00cbT",
)
HEADERS: dict[str, tuple[str, ...]] = {
    "Range": ("bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-0,1-1,2-2", "bytes=99999999999999999999-", "bytes=" + "0-0," * 2_000, "lines=1-2", "bytes=a-b", "bytes"),
    "If-Range": ("x", "Wed, 99 Foo 0000 99:99:99 GMT"),
    "If-None-Match": ("*", '"', 'W/"a", "b', LONG),
    "If-Modified-Since": ("0", "Wed, 21 Oct 99999 07:28:00 GMT", "-1", "Thu, 01 Jan 1601 00:00:00 GMT"),
    "If-Unmodified-Since": ("x", "Thu, 01 Jan 0000 00:00:00 GMT"),
    "Accept": ("*/*;q=x", "text/html;q=1e99", "application/json", "a/b," * 2_000, "\xff"),
    "Accept-Language": ("xx-" + "y" * 500, "it;q=2", "en-GB-oed,*;q=0", "../../etc", "it," * 2_000, "\xff\xfe"),
    "Accept-Encoding": ("gzip;q=0, *;q=0", "br, zz", LONG),
    "Accept-Charset": ("utf-7", "x"),
    "Content-Encoding": ("gzip", "deflate", "x"),
    "Content-Length": ("", "-1", "abc", "1e3"),
    "Transfer-Encoding": ("chunked", "identity", "x"),
    "Cookie": ("=; ;=;;", "sessionid=\x00", "a=b; " * 500, 'x="\\', "messages=WyJ4Il0:x:y", "\xff=\xff", "csrftoken=" + LONG),
    "Referer": ("javascript:x", "https://[", "//", LONG, "\xff"),
    "Origin": ("null", "https://[::1", "x y", "\xff"),
    "X-CSRFToken": ("x", LONG, "\xff"),
    "X-Forwarded-For": ("1.2.3.4, x", "::ffff:1.2.3.4%eth0", "," * 2_000, "999.999.999.999"),
    "X-Forwarded-Proto": ("gopher", "https,http"),
    "User-Agent": ("", "\xff", LONG),
    "Authorization": ("Basic !!!", "Bearer " + LONG, "Digest x", "Basic " + "A" * 999),
    "HX-Request": ("true", "x"),
    "HX-Boosted": ("true",),
    "HX-Target": ("queue", "<zq9>", "\xff", LONG),
    "HX-Trigger": ("x", '{"a": 1}', "\xff"),
    "HX-Trigger-Name": ("x", "\xff"),
    "HX-Trigger-URI-AutoEncoded": ("true",),
    "HX-Current-URL": ("javascript:zq9", "https://[", "//zq9.invalid/x", "%ff%fe", LONG),
    "HX-Current-URL-URI-AutoEncoded": ("true",),
    "HX-History-Restore-Request": ("true",),
    "Expect": ("100-continue", "x"),
    "Upgrade": ("websocket", "h2c"),
    "Date": ("x",),
    "Prefer": ("x",),
    "Sec-Fetch-Site": ("cross-site", "x"),
    "Content-Type": ("", "text/html; charset=\xff", "multipart/form-data; boundary=\"", "application/x-www-form-urlencoded; charset=utf-16", "a" * 5_000, "multipart/mixed; boundary=b"),
}  # fmt: skip
BODIES = (b"", b"x", b"\xff\xfe\x00", b"a=%u0061&%=%", b'{"a":', b"--b\r\n", b"\x1f\x8b\x08\x00broken")


def test_s44_no_method_and_no_header_makes_a_page_fail(
    shared_world: World, site: Site, record_property: Record
) -> None:
    """Each address by an odd method, with an odd value in every header that we or a library of ours may read."""
    tally = Tally("S44 methods and headers")
    turns = {name: cycle(values) for name, values in HEADERS.items()}
    methods, bodies = cycle(METHODS), cycle(BODIES)
    paths = list(dict.fromkeys(path for method in ("GET", "POST") for _, path in site.paths(method)))
    for person in people(shared_world).values():
        for path in paths:
            for method in islice(methods, PER_ADDRESS):
                headers = {name: next(turn) for name, turn in turns.items()}
                cookies = headers.pop("Cookie") if person.name not in (ADMIN, CUSTOMER) else None
                kind = headers.pop("Content-Type")
                headers.pop("Cookie", None)
                more: dict[str, Any] = {"HTTP_COOKIE": cookies} if cookies else {}
                with undone(person.client):
                    answer = person.client.generic(method, path, next(bodies), kind, headers=headers, **more)
                    tally.add(f"{person.name} {method[:9]} {path} {headers}"[:300], harms_of(answer))
                tally.tried += len(headers)
    record_property("counted", str(tally))
    tally.settle()


ZEROS = (
    ("GET", "desk:queue", "tag"),
    ("GET", "desk:queue-now", "tag"),
    ("POST", "desk:untag", "name"),
    ("POST", "desk:new-incident", "servers"),
    ("GET", "portal:home", "a\x00"),
)


@pytest.mark.parametrize(("method", "name", "field"), ZEROS, ids=lambda each: str(each).replace("\x00", "0"))
def test_s44_a_zero_is_dropped_before_the_database_is_asked(
    shared_world: World, method: str, name: str, field: str
) -> None:
    """The database refused it, as a fault of ours."""
    path = reverse(name, args=[shared_world.ticket.public_id] if name == "desk:untag" else [])
    client = people(shared_world)[CUSTOMER if name.startswith("portal") else ADMIN].client
    assert client.generic(method, f"{path}?{urlencode({field: 'a'})}").status_code < 500
    form = urlencode({field: "a\x00b"})
    query, body = (form, "") if method == "GET" else ("", form)
    answer = client.generic(method, path, body, "application/x-www-form-urlencoded", QUERY_STRING=query)
    assert answer.status_code < 500


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_s44_the_first_and_the_last_day_of_the_calendar_are_days_that_nobody_means(
    shared_world: World, day: str
) -> None:
    """There is no day after the last one: the audit failed."""
    client = people(shared_world)[ADMIN].client
    for name in ("desk:audit", "desk:audit-csv"):
        assert client.get(reverse(name), {"since": day, "until": day}).status_code == 200


def test_s44_a_part_of_a_file_is_a_part_or_the_whole(shared_world: World, record_property: Record) -> None:
    tally = Tally("S44 ranges of files")
    doors = [
        (ADMIN, reverse("desk:file", args=[shared_world.file.public_id])),
        (CUSTOMER, reverse("portal:file", args=[shared_world.file.public_id])),
    ]
    who = people(shared_world)
    for name, path in doors:
        for value in HEADERS["Range"]:
            answer = who[name].client.get(path, headers={"Range": value})
            said = text_of(answer)
            fine = answer.status_code == 416 or (answer.status_code in (200, 206) and said in "words in a file")
            tally.add(f"{path} {value[:60]}", [] if fine else [f"{answer.status_code} {said[:60]!r}"])
    record_property("counted", str(tally))
    tally.settle()


def test_s39_a_stranger_leaves_no_file(
    shared_world: World, site: Site, tried: Tried, settings: Settings, tmp_path: Path
) -> None:
    """At every address that takes something, under every name that a field for files has."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / MARK).touch()
    kept = [model.objects.count() for model in (Attachment, HeldFile)]
    fields = {name for form in site.forms(shared_world.staff(shared_world.admin)) for name in form.files}
    assert {"uploads", "file"} <= fields
    for _, path in site.paths("POST"):
        tried("S39", 5)
        files = [SimpleUploadedFile(f"{n}.php", b"<?php ?>" * 10_000, "text/html") for n in range(5)]
        assert Client().post(path, {"text": "x", **dict.fromkeys(fields, files)}).status_code < 500, path
    assert [model.objects.count() for model in (Attachment, HeldFile)] == kept
    assert [path.name for path in tmp_path.iterdir()] == [MARK]


# -- true or false? ------------------------------------------------------------------------------------------------------
PAIRS = (
    ("zq9' OR '7481'='7481", "zq9' OR '7481'='7482"),
    ("7481 OR 7481=7481", "7481 OR 7481=7482"),
    ("7481) OR (7481=7481", "7481) OR (7481=7482"),
    ("zq9') OR ('7481'='7481", "zq9') OR ('7481'='7482"),
    ("zq9%' OR '7481' LIKE '7481%", "zq9%' OR '7481' LIKE '7482%"),
    ("(CASE WHEN 7481=7481 THEN id ELSE -id END)", "(CASE WHEN 7481=7482 THEN id ELSE -id END)"),
    ("zq9'||(SELECT '' WHERE 7481=7481)||'", "zq9'||(SELECT '' WHERE 7481=7482)||'"),
    ("zq9\\' OR 7481=7481--", "zq9\\' OR 7481=7482--"),
)  # fmt: skip
_FIGURES = re.compile(rb"748[12]|\"X-CSRFToken\": \"\w+\"")


def page_of(person: Person, path: str) -> tuple[int, bytes]:
    with undone(person.client):
        answer = person.client.get(path)
        text_of(answer)
        return answer.status_code, b"" if answer.streaming else _FIGURES.sub(b"0", steady(answer))


def told_apart(person: Person, first: str, other: str) -> list[str]:
    """Lines that differ, but for those that differ each time anyhow."""
    pages = [page_of(person, first), page_of(person, other)]
    if pages[0] == pages[1]:
        return []
    again = page_of(person, first)
    if len({status for status, _ in (*pages, again)}) > 1:
        return ["another status"]
    lines = [text.splitlines() for _, text in (*pages, again)]
    if len({len(page) for page in lines}) > 1:
        return ["more lines, or fewer"]
    return [str(one[:100]) for one, two, repeated in zip(*lines, strict=True) if one == repeated != two]


def test_s33_what_is_true_and_what_is_false_give_the_same_page(
    shared_world: World, site: Site, record_property: Record
) -> None:
    """In every parameter at once: a page that differs by more than the words themselves would answer questions to the database."""
    tally, names = Tally("S33 true and false"), parameters()
    who, turn = people(shared_world), cycle(PAIRS)
    paths = sample(site.paths("GET"), 35)
    for person in (who[ADMIN], who[CUSTOMER]):
        for _, path in paths:
            for pair in islice(turn, len(PAIRS) if IS_LONG else 1):
                first, other = (f"{path}?{urlencode(dict.fromkeys(names, value))}" for value in pair)
                tally.add(f"{person.name} {first}", told_apart(person, first, other))
                tally.tried += len(names) - 1
    record_property("counted", str(tally))
    tally.settle()
