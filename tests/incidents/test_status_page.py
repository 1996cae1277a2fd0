"""The public status: what it says, what it never says, and that it goes on saying it [one.patience]."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from sportello.config.cli import run
from sportello.config.status_door import beside
from sportello.core import clock
from sportello.incidents.board import keeping
from sportello.incidents.board.drawing import HTML, Files, drawn
from sportello.incidents.board.facts import Facts, Outage, Told, Words, Works, dumped, loaded
from sportello.incidents.board.keeping import Keeper
from sportello.incidents.board.reading import facts_now
from sportello.incidents.board.rules import Board, board_of, phase
from sportello.incidents.board.serving import Answer, Asked, answer
from sportello.incidents.enums import ComponentStatus, IncidentState, Phase
from sportello.incidents.models import Update
from tests.factories import make_server, make_service
from tests.incidents.making import PRIVATE, make_incident, make_private, make_works, named_server

NOW = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
KEY = "0199f0aa-0000-7000-8000-00000000000{}"
HOUR = timedelta(hours=1)
ATOM = "{http://www.w3.org/2005/Atom}"


def outage(number: int = 1, **given: Any) -> Outage:
    values: dict[str, Any] = {
        "key": KEY.format(number),
        "state": "investigating",
        "impact": "major",
        "title": Words("Posta ferma", "Mail is down"),
        "text": Words("Guardiamo.", "Looking."),
        "started_at": NOW - HOUR,
        "ended_at": None,
        "components": ("Posta",),
        "told": (),
    }
    return Outage(**{**values, **given})


def works(number: int = 5, *, starts_at: datetime, cancelled_at: datetime | None = None) -> Works:
    title, text = Words("Nuovi dischi", "New disks"), Words("", "Sites will be down.")
    return Works(KEY.format(number), title, text, starts_at, starts_at + HOUR, cancelled_at, NOW - HOUR, ("Web 3",))


def facts(*outages: Outage, planned: Iterable[Works] = (), components: tuple[str, ...] = ("Posta", "Web 3")) -> Facts:
    return Facts(NOW, components, outages, tuple(planned))


def text_of(files: Files, path: str) -> str:
    return files[path].content.decode()


# -- what it means -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("minutes", "wanted"),
    [(-61, Phase.UPCOMING), (-1, Phase.UPCOMING), (0, Phase.UNDERWAY), (59, Phase.UNDERWAY), (60, Phase.COMPLETE)],
)
def test_maintenance_moves_on_with_the_time_alone(minutes: int, wanted: Phase) -> None:
    now = NOW + timedelta(minutes=minutes)
    assert phase(starts_at=NOW, ends_at=NOW + HOUR, cancelled_at=None, now=now) is wanted
    assert phase(starts_at=NOW, ends_at=NOW + HOUR, cancelled_at=NOW, now=now) is Phase.CANCELLED


def statuses(board: Board) -> dict[str, ComponentStatus]:
    return {each.name: each.status for each in board.components}


def test_a_component_shows_the_worst_that_is_known_of_it() -> None:
    under_way = works(starts_at=NOW - timedelta(minutes=1))
    slow, down = outage(1, impact="degraded"), outage(2, components=("Web 3",))
    assert statuses(board_of(facts(), NOW)) == {"Posta": "operational", "Web 3": "operational"}
    assert statuses(board_of(facts(planned=[under_way]), NOW)) == {"Posta": "operational", "Web 3": "maintenance"}
    assert statuses(board_of(facts(slow, down, planned=[under_way]), NOW)) == {"Posta": "degraded", "Web 3": "major"}
    over = outage(3, ended_at=NOW, state="solved")
    assert statuses(board_of(facts(over), NOW)) == {"Posta": "operational", "Web 3": "operational"}


def test_what_is_long_over_is_left_out_and_what_was_called_off_stays_a_week() -> None:
    old, recent = outage(1, ended_at=NOW - timedelta(days=91)), outage(2, ended_at=NOW - timedelta(days=89))
    called_off = [
        works(number, starts_at=NOW + HOUR, cancelled_at=NOW - timedelta(days=days))
        for number, days in ((5, 8), (6, 6))
    ]
    board = board_of(facts(old, recent, planned=called_off), NOW)
    assert (board.past_outages, board.past_works, board.upcoming) == ((recent,), (called_off[1],), ())


def test_what_is_written_down_reads_back_as_it_was() -> None:
    told = Told(NOW, "identified", Words("Un disco.", "A disk."))
    whole = facts(outage(told=(told,)), outage(2, ended_at=NOW), planned=[works(starts_at=NOW, cancelled_at=NOW)])
    assert loaded(dumped(whole)) == whole


# -- the pages ---------------------------------------------------------------------------------------------------------------------------
def test_everything_is_told_in_both_languages_and_a_missing_text_in_the_other() -> None:
    files = drawn(board_of(facts(outage(), planned=[works(starts_at=NOW + HOUR)]), NOW))
    italian, english = text_of(files, "it/index.html"), text_of(files, "en/index.html")
    assert "È in corso 1 disservizio." in italian
    assert "1 incident is open." in english
    assert "Sites will be down." in italian
    assert "da sabato 28 novembre 2026, 23:00 a domenica 29 novembre 2026, 00:00 (CET)" in italian
    assert 'href="en/"' in text_of(files, "index.it.html")
    assert f'href="../en/{KEY.format(1)}.html"' in text_of(files, f"it/{KEY.format(1)}.html")


def test_every_link_leads_to_a_file_wherever_the_folder_lies() -> None:
    past = outage(2, ended_at=NOW, state="solved")
    files = drawn(board_of(facts(outage(), past, planned=[works(starts_at=NOW + HOUR)]), NOW))
    base, links = "https://elsewhere.example/some/folder/", set()
    for path in (path for path, file in files.items() if file.kind == HTML):
        here = urljoin(base, path.replace("index.it.html", "").replace("index.en.html", ""))
        found = re.findall(r'(?:href|src)="([^"#]+)', text_of(files, path))
        links |= {urljoin(here, link).partition("?")[0] for link in found if not link.startswith("http")}
    leads_to = {link.removeprefix(base) for link in links}
    assert {f"{path}index.html" if path.endswith("/") else path for path in leads_to} <= files.keys()
    assert "<script" not in "".join(text_of(files, path) for path in files)
    assert len(files["index.it.html"].packed) < 3_000


def test_the_feed_names_what_happened_with_the_newest_first() -> None:
    told = Told(NOW, "identified", Words("Un disco & un cavo.", "A disk & a cable."))
    planned = works(starts_at=NOW + HOUR, cancelled_at=NOW - timedelta(minutes=5))
    files = drawn(board_of(facts(outage(told=(told,)), planned=[planned]), NOW))
    feed = etree.fromstring(files["en/feed.atom"].content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Mail is down", "Called off: New disks"]
    assert entries[0].findtext(f"{ATOM}summary") == "<p>A disk &amp; a cable.</p>"
    assert entries[0].findtext(f"{ATOM}id") == f"urn:uuid:{KEY.format(1)}"
    assert entries[0].find(f"{ATOM}link").get("href") == f"{settings.STATUS_URL}en/{KEY.format(1)}.html"  # type: ignore[union-attr]


@pytest.mark.parametrize("letter", ["\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_a_letter_that_xml_does_not_have_takes_no_page_away(letter: str) -> None:
    """The vertical tab of a word processor, pasted into a title, once made every page of the status an error."""
    told = Told(NOW, "identified", Words(f"Un{letter}disco.", f"A{letter}disk."))
    named = Words(f"Posta{letter} ferma", f"Mail{letter} is down")
    planned = replace(works(starts_at=NOW + HOUR), title=named, text=named)
    files = drawn(board_of(facts(outage(title=named, told=(told,)), planned=[planned]), NOW))
    entries = etree.fromstring(files["en/feed.atom"].content).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Mail is down", "Mail is down"]
    assert entries[0].findtext(f"{ATOM}summary") == "<p>Adisk.</p>"


# -- an answer ---------------------------------------------------------------------------------------------------------------------------
def asked(path: str = "", **more: str) -> Answer:
    return answer(drawn(board_of(facts(), NOW)), Asked(method=more.pop("method", "GET"), path=path, **more))


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("en-GB,en;q=0.9,it;q=0.3", "en"), ("de, it;q=0.5, en;q=0.4", "it"), ("fr", "it"), ("", "it"), ("*;q", "it")],
)
def test_the_first_page_speaks_the_browsers_language(accepted: str, language: str) -> None:
    found = asked(languages=accepted)
    assert f'<html lang="{language}">'.encode() in found.body
    assert found.headers["Vary"] == "Accept-Language, Accept-Encoding"


def test_who_has_it_already_is_told_so() -> None:
    first = asked("it/", encodings="gzip, br")
    again = asked("it/", encodings="gzip, br", tags=f'"x", {first.headers["ETag"]}')
    assert (first.status, again.status, again.body) == (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, b"")
    assert first.headers["Cache-Control"].startswith("public, max-age=10")
    assert gzip.decompress(first.body) == asked("it/").body
    assert [asked("it/", encodings=each).headers.get("Content-Encoding") for each in ("br, GZIP ; q=0.5", "gzip;q=0", "gzip; q=0.000, br", "")] == [
        "gzip", None, None, None,
    ]  # fmt: skip
    assert asked("it/").headers["ETag"] != first.headers["ETag"]


def test_it_can_be_looked_at_and_nothing_else() -> None:
    assert asked("it/", method="HEAD").body == b""
    assert int(asked("it/", method="HEAD").headers["Content-Length"]) == len(asked("it/").body)
    assert asked("it/", method="POST").status == HTTPStatus.METHOD_NOT_ALLOWED
    for path in ("nothing", "it", "../settings.py", "it/../index.it.html", f"it/{KEY.format(9)}.html"):
        assert asked(path).status == HTTPStatus.NOT_FOUND


# -- from the rows -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_nothing_private_stands_in_any_of_the_files() -> None:
    incident = make_incident(named_server("Web condiviso 3"))
    planned = make_works(starts_at=clock.now() + HOUR)
    make_private(incident)
    planned.servers.set(incident.servers.all())
    planned.services.set(incident.services.all())
    make_incident(title_it="Solo per noi", is_public=False)
    make_works(starts_at=clock.now() + HOUR, title_it="Solo per noi", is_public=False)
    Update.objects.create(
        incident=incident,
        state=IncidentState.IDENTIFIED,
        text_it="Un disco.",
        text_en="A disk.",
        created_at=clock.now(),
    )
    files = drawn(board_of(facts_now(clock.now()), clock.now()))
    whole = "\n".join(text_of(files, path) for path in files)
    assert "Web condiviso 3" in text_of(files, "it/index.html")
    assert "Un disco." in text_of(files, f"it/{incident.public_id}.html")
    assert [each for each in (*PRIVATE, "Solo per noi", "provider.example") if each in whole] == []


@pytest.mark.django_db
def test_an_incident_of_single_services_shows_at_the_system_that_they_run_on() -> None:
    """The page said of mail "no incident is known" beside an open incident of mail services."""
    incident, mail = make_incident(), named_server("Posta")
    incident.services.add(make_service(server=mail), make_service(server=make_server()))
    board = board_of(facts_now(clock.now()), clock.now())
    assert [(each.name, each.status) for each in board.components] == [("Posta", ComponentStatus.MAJOR)]


@pytest.mark.django_db
def test_the_rows_are_read_in_as_many_queries_whatever_there_is() -> None:
    counts = []
    for _more in range(3):
        make_incident(named_server("Web"))
        make_works(named_server("Posta"), starts_at=clock.now() + HOUR)
        with CaptureQueriesContext(connection) as captured:
            facts_now(clock.now())
        counts.append(len(captured))
    assert counts == [8, 8, 8]


@pytest.mark.django_db
def test_the_page_asks_for_no_session_and_leaves_no_cookie() -> None:
    make_incident(named_server("Web"))
    make_works(named_server("Posta"), starts_at=clock.now() + HOUR)
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/status/", headers={"accept-language": "en"})
    assert "Sites cannot be reached" in page.content.decode()
    assert (len(captured), client.cookies, page.status_code) == (8, {}, 200)
    assert client.get("/status/", headers={"if-none-match": page["ETag"], "accept-language": "en"}).status_code == 304
    assert client.get("/status/en/").status_code == client.get("/status/it/feed.atom").status_code == 200


# -- when all else fails -----------------------------------------------------------------------------------------------------------------
def keeper(tmp_path: Path, *outages: Outage) -> Keeper:
    file = tmp_path / "status.json"
    file.write_text(dumped(facts(*outages)))
    kept = Keeper(file)
    kept.remember(now=NOW)
    return kept


def test_without_the_database_the_last_that_was_known_is_shown_and_said_to_be_old(tmp_path: Path) -> None:
    """This test may not reach the database: so it is as good as away."""
    kept = keeper(tmp_path, outage())
    assert kept.files is not None
    assert "This is what was last known" not in text_of(kept.files, "en/index.html")
    with pytest.raises(RuntimeError):
        kept.renew(now=NOW + timedelta(minutes=5))
    page = text_of(kept.files, "en/index.html")
    assert "Mail is down" in page
    assert "This is what was last known: " in page
    assert "Saturday 28 November 2026, 22:00" in page


def test_planned_maintenance_begins_without_the_database_too(tmp_path: Path) -> None:
    kept = Keeper(tmp_path / "status.json")
    kept.file.write_text(dumped(facts(planned=[works(starts_at=NOW + timedelta(seconds=30))])))
    kept.remember(now=NOW)
    with pytest.raises(RuntimeError):
        kept.renew(now=NOW + timedelta(seconds=31))
    assert kept.files is not None
    assert "Planned maintenance is under way." in text_of(kept.files, "en/index.html")


@pytest.mark.parametrize("content", ["", "{}", '{"known_at": 7}', '{"known_at": "x"}'])
def test_a_file_that_cannot_be_read_is_as_none(tmp_path: Path, content: str) -> None:
    kept = Keeper(tmp_path / "status.json")
    kept.remember(now=NOW)
    kept.file.write_text(content)
    kept.remember(now=NOW)
    assert kept.files is None


@pytest.mark.django_db
def test_what_is_renewed_is_written_down_and_drawn_anew_only_when_it_has_changed(tmp_path: Path) -> None:
    kept = Keeper(tmp_path / "status.json")
    kept.renew(now=NOW)
    first = kept.files
    kept.renew(now=NOW + timedelta(seconds=5))
    assert kept.files is first
    assert loaded(kept.file.read_text()).known_at == NOW
    make_incident()
    kept.renew(now=NOW + timedelta(seconds=10))
    assert kept.files is not first
    assert len(loaded(kept.file.read_text()).outages) == 1


def ask_door(path: str, host: str = "localhost:8000") -> tuple[str, bytes]:
    said = []

    def pages(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("503 Service Unavailable", [])
        return [b"all pages wait"]

    door = beside(pages, public_url="http://localhost:8000")
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "HTTP_HOST": host}
    body = door(environ, lambda status, _headers: said.append(status))
    return said[0], b"".join(body)


def test_the_door_answers_before_all_that_can_be_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask_door("/status/") == ("503 Service Unavailable", b"all pages wait")
    monkeypatch.setattr(keeping, "_of_this_process", [keeper(tmp_path, outage())])
    status, body = ask_door("/status/")
    assert (status, b"Posta ferma" in body) == ("200 OK", True)
    assert ask_door("/status/it/nothing.html")[0] == "404 Not Found"
    assert ask_door("/portal/")[0] == ask_door("/status/", host="evil.example")[0] == "503 Service Unavailable"


# -- another host ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_export_is_whole_and_takes_away_only_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = make_incident(named_server("Web"))
    (tmp_path / "robots.txt").write_text("ours")
    assert run_export(tmp_path) == 0
    assert capsys.readouterr().out == f"9 files in {tmp_path}.\n"
    first = (tmp_path / "index.html").read_text()
    assert "Siti non raggiungibili" in first
    assert "Aggiornato a" in first
    page = tmp_path / "en" / f"{incident.public_id}.html"
    assert page.is_file()
    incident.is_public = False
    incident.save()
    assert run_export(tmp_path) == 0
    assert (page.exists(), (tmp_path / "robots.txt").read_text()) == (False, "ours")
    assert sorted(path.name for path in tmp_path.rglob(".new-*")) == []


@pytest.mark.django_db
def test_a_folder_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run_export(tmp_path / "file") == 1
    assert "the public status was not written" in capsys.readouterr().err


def run_export(folder: Path) -> int:
    return run(["status-export", str(folder)])
