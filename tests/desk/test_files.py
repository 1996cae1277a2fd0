"""Files and foreign HTML: nothing that a stranger sent ever runs, shows itself or leaks who is reading."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from django.core import signing
from django.test import Client
from PIL import Image

from sportello.accounts.models import User
from sportello.core import clock, files
from sportello.desk import foreign
from sportello.tickets import actions
from sportello.tickets.enums import Channel
from sportello.tickets.models import Attachment, Message, Ticket
from tests.desk.reading import find, only, page, parsed, texts
from tests.factories import make_ticket, make_user

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def ticket(db: None) -> Ticket:
    return make_ticket("Errore 500", now=clock.now())


def received(ticket: Ticket, *attachments: actions.NewFile, html: str = "") -> Message:
    message = actions.add_message(
        ticket=ticket,
        text="Ecco",
        html=html,
        contact=ticket.contact,
        channel=Channel.MAIL,
        now=clock.now(),
        attachments=attachments,
    )
    for attachment in message.attachments.filter(content_type="image/png"):
        actions.make_preview(attachment=attachment)
    return message


class Fetched(NamedTuple):
    status: int
    headers: Mapping[str, str]
    content: bytes


def fetched(client: Client, address: str) -> Fetched:
    """All of it, and the file behind it closed again."""
    response: Any = client.get(address)
    if not response.streaming:
        return Fetched(response.status_code, response.headers, response.content)
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return Fetched(response.status_code, response.headers, content)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pagina.html", "text/html"),
        ("disegno.svg", "image/svg+xml"),
        ("foto.png", "image/svg+xml"),
        ("a.js", "text/javascript"),
        ("x.xht", "application/xhtml+xml"),
        ("log", "text/html\r\nSet-Cookie: a=b"),
    ],
)
def test_whatever_it_claims_to_be_a_file_is_only_ever_saved(desk: Client, ticket: Ticket, name: str, kind: str) -> None:
    message = received(ticket, actions.NewFile(name, kind, b"<script>alert(1)</script>"))
    response = fetched(desk, f"/desk/files/{message.attachments.get().public_id}")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


def test_a_file_keeps_its_name_and_its_bytes(desk: Client, ticket: Ticket) -> None:
    content = bytes(range(256)) * 300
    message = received(ticket, actions.NewFile("perché «no» è così.txt", "text/plain", content))
    address = f"/desk/files/{message.attachments.get().public_id}"
    named = fetched(desk, address).headers["Content-Disposition"]
    assert named == "attachment; filename*=utf-8''perch%C3%A9%20%C2%ABno%C2%BB%20%C3%A8%20cos%C3%AC.txt"
    assert fetched(desk, address).content == content


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"; filename=b.exe', "a\r\nX-Evil: 1.txt", "\u202egpj.exe", ""])
def test_a_hostile_name_stays_inside_its_header(desk: Client, ticket: Ticket, name: str) -> None:
    message = received(ticket, actions.NewFile(name, "text/plain", b"x"))
    response = fetched(desk, f"/desk/files/{message.attachments.get().public_id}")
    assert response.status == 200
    assert "X-Evil" not in response.headers
    assert "/etc/" not in response.headers["Content-Disposition"]


def test_a_picture_is_shown_as_we_drew_it_and_saved_as_it_came(desk: Client, ticket: Ticket) -> None:
    original = picture()
    message = received(ticket, actions.NewFile("schermata.png", "image/png", original))
    shown = page(desk, f"/desk/tickets/{ticket.public_id}/")
    preview = only(shown, ".files img").get("src")
    response = fetched(desk, preview)
    assert response.headers["Content-Type"] == "image/webp"
    assert response.content[:4] == b"RIFF"
    assert fetched(desk, f"/desk/files/{message.attachments.get().public_id}").content == original


def test_what_is_no_picture_has_no_preview(desk: Client, ticket: Ticket) -> None:
    message = received(ticket, actions.NewFile("finta.png", "image/png", b"<svg onload=alert(1)>"))
    assert find(page(desk, f"/desk/tickets/{ticket.public_id}/"), ".files img") == []
    assert desk.get(f"/desk/files/{message.attachments.get().public_id}/preview").status_code == 404


def test_a_file_that_the_store_has_lost_is_not_found_and_breaks_no_page(
    desk: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = received(ticket, actions.NewFile("log.txt", "text/plain", b"x"))
    monkeypatch.setattr(files, "_name", lambda _sha256: "ab/cd/gone")
    assert desk.get(f"/desk/files/{message.attachments.get().public_id}").status_code == 404
    assert texts(page(desk, f"/desk/tickets/{ticket.public_id}/"), ".files .file") == ["log.txt"]


def test_foreign_html_is_shown_under_a_policy_that_lets_nothing_run_or_load(desk: Client, ticket: Ticket) -> None:
    message = received(ticket, html="<p>Buongiorno</p>")
    frame = only(page(desk, f"/desk/tickets/{ticket.public_id}/"), "iframe")
    assert frame.get("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    response = desk.get(frame.get("src"))
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert texts(parsed(response.content), "p") == [message.html.removeprefix("<p>").removesuffix("</p>")]


def test_an_enclosed_picture_is_found_by_its_content_id_and_needs_no_session(desk: Client, ticket: Ticket) -> None:
    message = received(
        ticket,
        actions.NewFile("a.png", "image/png", picture(), content_id="<shot&1@doria>", is_inline=True),
        html='<p><img alt="a > b" src="cid:shot&amp;1%40doria"> <img src="cid:other"></p>',
    )
    shown = parsed(desk.get(f"/desk/messages/{message.public_id}/html").content)
    own, unknown = (image.get("src") for image in find(shown, "img"))
    assert unknown == ""
    assert fetched(Client(), own).headers["Content-Type"] == "image/webp"


def test_an_enclosed_picture_is_found_however_the_mail_wrote_cid(desk: Client, ticket: Ticket) -> None:
    """A fault found: `CID:` was left as it stood, so that the picture was missing and the browser asked for an address that it must refuse."""
    message = received(
        ticket,
        actions.NewFile("a.png", "image/png", picture(), content_id="<shot@doria>", is_inline=True),
        html='<p><img src="CID:shot@doria"> <img src="Cid:other"></p>',
    )
    shown = parsed(desk.get(f"/desk/messages/{message.public_id}/html").content)
    own, unknown = (image.get("src") for image in find(shown, "img"))
    assert unknown == ""
    assert fetched(Client(), own).headers["Content-Type"] == "image/webp"


def test_the_address_of_an_enclosed_picture_cannot_be_made_up_or_kept(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    received(ticket, actions.NewFile("a.png", "image/png", picture()))
    picture_there, reader = Attachment.objects.get(), make_user()
    public_id, good = str(picture_there.public_id), foreign.token_of(picture_there, reader)
    stranger = Client()
    assert fetched(stranger, f"/desk/files/enclosed/{good}").status == 200
    for token in (
        public_id,
        good[:-1],
        good + "A",
        signing.dumps(public_id, salt="another"),
        signing.dumps("x", salt=foreign.SALT),
        signing.dumps(public_id, salt=foreign.SALT),
        signing.dumps([public_id, 0], salt=foreign.SALT),
    ):
        assert stranger.get(f"/desk/files/enclosed/{token}").status_code == 404
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert stranger.get(f"/desk/files/enclosed/{good}").status_code == 404
    User.objects.filter(pk=reader.pk).update(is_active=True)
    monkeypatch.setattr(foreign, "GOOD_FOR", 0)
    assert foreign.enclosed_picture(good) is None


def test_a_stranger_gets_no_file_no_preview_and_no_html(ticket: Ticket) -> None:
    message = received(ticket, actions.NewFile("a.png", "image/png", picture()), html="<p>x</p>")
    file = message.attachments.get().public_id
    for address in (f"/desk/files/{file}", f"/desk/files/{file}/preview", f"/desk/messages/{message.public_id}/html"):
        assert Client().get(address).status_code == 302


# -- what is being written ---------------------------------------------------------------------------------------------
def upload(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def test_files_are_added_to_a_draft_and_go_with_the_answer(desk: Client, ticket: Ticket) -> None:
    given = {
        "text": "",
        "seen_version": ticket.version,
        "uploads": [upload("a.txt", b"uno"), upload("b è.txt", b"due")],
    }
    answer = desk.post(f"/desk/tickets/{ticket.public_id}/reply/files", given, headers={"HX-Request": "true"})
    assert [text.split()[0] for text in texts(parsed(answer.content), ".chip")] == ["a.txt", "b"]
    desk.post(f"/desk/tickets/{ticket.public_id}/reply", {"text": "Ecco", "seen_version": ticket.version})
    assert texts(page(desk, f"/desk/tickets/{ticket.public_id}/"), ".message.ours .file") == ["a.txt", "b è.txt"]


def test_a_file_is_taken_out_of_a_draft_again(desk: Client, ticket: Ticket) -> None:
    address = f"/desk/tickets/{ticket.public_id}/note"
    desk.post(f"{address}/files", {"text": "", "seen_version": 1, "uploads": [upload("a.txt", b"uno")]})
    remove = only(page(desk, f"/desk/tickets/{ticket.public_id}/"), "#files-note button")
    desk.post(remove.get("formaction"))
    assert Attachment.objects.count() == 0


def test_without_the_script_files_go_with_the_form_itself(desk: Client, ticket: Ticket) -> None:
    given = {"text": "Nota", "seen_version": ticket.version, "uploads": [upload("a.txt", b"uno")]}
    desk.post(f"/desk/tickets/{ticket.public_id}/note", given)
    assert texts(page(desk, f"/desk/tickets/{ticket.public_id}/"), ".message.note .file") == ["a.txt"]


def test_a_file_too_large_is_refused_in_words_and_the_rest_stays(
    desk: Client, ticket: Ticket, settings: object
) -> None:
    settings.UPLOAD_MAX_BYTES = 4  # type: ignore[attr-defined]
    given = {"text": "Ecco", "seen_version": 1, "uploads": [upload("ok.txt", b"uno"), upload("big.txt", b"troppo")]}
    answer = desk.post(f"/desk/tickets/{ticket.public_id}/reply/files", given, headers={"HX-Request": "true"})
    shown = parsed(answer.content)
    assert "may not pass" in texts(shown, "[role=alert]")[0]
    assert [text.split()[0] for text in texts(shown, ".chip")] == ["ok.txt"]
