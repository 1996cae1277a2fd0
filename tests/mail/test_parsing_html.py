"""HTML that strangers send is cleaned once; what is left can do no harm and asks nobody for anything."""

from __future__ import annotations

import pytest

from sportello.mail.parsing.html import SANITISER_VERSION
from sportello.mail.parsing.parse import parse
from tests.mail.mails import read, written_html


def test_script_style_and_everything_remote_is_gone_and_the_enclosed_image_stays() -> None:
    mail = read("inline_image")
    assert mail.html.startswith("<p>Ecco la schermata: <img ")
    assert 'src="cid:errore@example"' in mail.html
    assert mail.html.endswith("></p><p>Grazie</p>")
    assert mail.sanitiser_version == SANITISER_VERSION
    assert "remote-content" in mail.problems


@pytest.mark.parametrize(
    "source",
    [
        '<img src="//evil.example/a.png">',
        '<img srcset="https://evil.example/a.png 2x">',
        '<table background="https://evil.example/a.png"><tr><td>x</td></tr></table>',
        "<style>@import url(https://evil.example/a.css)</style>x",
        '<p style="background:url(https://evil.example/a.png)">x</p>',
        '<video poster="https://evil.example/a.png"><source src="https://evil.example/a.mp4"></video>',
        '<link rel="stylesheet" href="https://evil.example/a.css">x',
        '<svg><image href="https://evil.example/a.png"/></svg>x',
        '<iframe src="https://evil.example"></iframe>x',
        '<form action="https://evil.example"><input name="password"></form>x',
        '<base href="https://evil.example/">x',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">x',
    ],
)
def test_nothing_is_fetched_from_anywhere(source: str) -> None:
    assert "evil.example" not in written_html(source).html


@pytest.mark.parametrize(
    "source",
    [
        '<a href="javascript:alert(1)">x</a>',
        '<a href="JaVaScRiPt&#58;alert(1)">x</a>',
        '<a href=" java\nscript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<p onmouseover="alert(1)">x</p>',
        "<svg/onload=alert(1)>x",
        "<math><mtext></p><script>alert(1)</script></mtext></math>x",
        "<noscript><p title='</noscript><script>alert(1)</script>'></noscript>x",
        "<scr<script>ipt>alert(1)</script>x",
        "<template><script>alert(1)</script></template>x",
    ],
)
def test_no_script_survives(source: str) -> None:
    cleaned = written_html(source).html
    assert "<script" not in cleaned
    assert " on" not in cleaned
    assert "script:" not in cleaned.lower()
    assert "data:" not in cleaned


def test_links_are_kept_and_tell_the_other_side_nothing() -> None:
    assert written_html('<a href="https://example.it/?a=1&amp;b=2">qui</a>').html == (
        '<a href="https://example.it/?a=1&amp;b=2" rel="noopener noreferrer nofollow">qui</a>'
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            'La <a href="https://www.doria.example/errore">pagina</a> non va',
            "La pagina <https://www.doria.example/errore> non va",
        ),
        ('<a href="https://altro.example/">www.banca.example</a>', "www.banca.example <https://altro.example/>"),
        ('<a href="https://www.doria.example/">www.Doria.example</a>', "www.Doria.example"),
        ('<a href="http://doria.example/a">doria.example</a>', "doria.example"),
        ('<a href="mailto:a@doria.example">scrivere</a> <a href="#su">su</a>', "scrivere su"),
        ('<a href="https://doria.example/"><img src="cid:logo"></a>Ciao', "Ciao"),
        (f'<a href="https://doria.example/{"x" * 150}">qui</a>', "qui"),
        (
            'Va bene.<br><br>Ottieni <a href="https://aka.ms/x">Outlook per iOS</a>',
            "Va bene.\n\nOttieni Outlook per iOS <https://aka.ms/x>",
        ),
    ],
)
def test_text_of_html_says_where_a_link_leads(source: str, text: str) -> None:
    """A page that does not work was named by its address alone, which was in no text."""
    assert written_html(source).text == text


def test_text_of_html_has_the_lines_a_reader_sees() -> None:
    source = """<html><head><title>no</title><style>p{}</style></head><body><p>Uno<br>due&nbsp;e   tre</p>
    <ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol><table><tr><td>k</td><td>v</td></tr></table>
    <pre>  x\n    y</pre><div style="display:none">nascosto</div><blockquote>citato</blockquote></body></html>"""
    assert written_html(source).html_text == "Uno\ndue e tre\n\n- a\n- b\n\n1. c\n2. d\n\nk v\n\n  x\n    y\n\n> citato"


@pytest.mark.parametrize(
    "source", ["<div>" * 300 + "ciao", "<p " + "a=b " * 2000 + ">ciao", "ciao<br>" + "x" * 1_100_000]
)
def test_html_too_big_or_too_deep_is_shown_as_text(source: str) -> None:
    mail = written_html(source)
    assert (mail.html, "html-too-complex" in mail.problems) == ("", True)
    assert mail.text.startswith("ciao")


def test_both_bodies_are_kept_when_they_differ() -> None:
    mail = read("outlook_it")
    assert mail.text.startswith("Buongiorno,")
    assert mail.html_text.startswith("Buongiorno,")
    assert "<b>Inviato:</b>" in mail.html


def test_image_pasted_into_the_html_becomes_a_file_that_is_shown_in_its_place() -> None:
    mail = written_html(
        '<p>Ecco:</p><img width="9" src="data:image/png;base64,aVZCT1I="><script src="data:image/png;base64,AAAA"></script>'
    )
    (image,) = [file for file in mail.attachments if file.content == b"iVBOR"]
    assert (image.name, image.content_type, image.inline) == ("image-1.png", "image/png", True)
    assert f'src="cid:{image.content_id}"' in mail.html
    assert "data:" not in mail.html


def test_mail_of_several_megabytes_of_pasted_images_is_still_shown() -> None:
    mail = written_html('<p>Ecco:</p><img src="data:image/jpeg;base64,' + "QUJD" * 1_000_000 + '"><p>Grazie</p>')
    assert mail.html_text == "Ecco:\n\nGrazie"
    assert [(file.name, file.size) for file in mail.attachments] == [("image-1.jpg", 3_000_000)]
    assert mail.html.startswith("<p>Ecco:</p><img")


def test_text_that_only_asks_for_another_program_is_not_the_answer() -> None:
    head = b"From: a@example.it\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
    stub = b"This message needs an HTML viewer.\n--b\nContent-Type: text/html\n\n<p>Il sito non va, potete controllare oggi?</p>\n--b--\n"
    assert parse(head + stub).reply_text == "Il sito non va, potete controllare oggi?"


@pytest.mark.parametrize(
    "around",
    [
        "<svg onload=x>{}", "<math>{}", "<svg><desc>{}", "<object data=x>{}", "<object>{}</object>", "<noscript>{}</noscript>", "<title>{}",
        "<select><option>{}</select>", "<textarea>{}</textarea>", "<template>{}</template>", "<iframe>{}", '<div style="display:none">{}</div>',
    ],
)  # fmt: skip
def test_words_that_a_reader_of_the_html_might_not_see_are_read_all_the_same(around: str) -> None:
    """A fault found: a customer's "the site is down" below a tag that never ended became a request without a text."""
    assert written_html(around.format("<p>Il sito è giù.</p>")).text == "Il sito è giù."


@pytest.mark.parametrize(
    "source", ["<title>Senza titolo</title><img src=cid:a>", "<svg><text>disegno</text></svg>", "<style>a{}</style>"]
)
def test_what_no_reader_means_as_words_is_no_text(source: str) -> None:
    mail = written_html(source)
    assert (mail.text, "html-shows-nothing" in mail.problems) == ("", False)


@pytest.mark.parametrize("quote", ['"', "'"])
def test_of_pictures_alone_stands_what_is_written_in_their_place(quote: str) -> None:
    """A fault found: such a mail said nothing, since its pictures are not fetched."""
    source = (
        f"<a href='https://x.example/'><img src='https://x.example/a.png' alt={quote}Il sito non si apre{quote}></a>"
    )
    assert written_html(source).text == "Il sito non si apre"
    assert written_html(f"<p>Ciao</p>{source}").text.startswith("Ciao")
