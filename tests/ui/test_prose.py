from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from sportello.ui.prose import paragraphs

OUR_TAGS = {"div", "p", "br", "a"}


def test_blank_lines_part_paragraphs_and_line_ends_stay() -> None:
    assert paragraphs("Buongiorno,\r\nil sito\n \n\nGrazie") == "<p>Buongiorno,<br>il sito</p>\n<p>Grazie</p>"


def test_what_looks_like_html_is_text() -> None:
    assert paragraphs("<img src=x onerror=alert(1)>") == "<p>&lt;img src=x onerror=alert(1)&gt;</p>"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("vedi https://a.example/x?b=1&c=2.", "https://a.example/x?b=1&amp;c=2"),
        ("(http://a.example/b)", "http://a.example/b"),
        ("https://a.example/wiki/Rete_(informatica)", "https://a.example/wiki/Rete_(informatica)"),
        ("«https://a.example/»", "https://a.example/"),
    ],
)
def test_web_addresses_become_links_without_the_punctuation_around_them(text: str, address: str) -> None:
    assert f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{address}</a>' in paragraphs(text)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "https://", "ftp://a.example"])
def test_nothing_else_becomes_a_link(text: str) -> None:
    assert "<a" not in paragraphs(text)


def test_a_quote_in_an_address_cannot_leave_the_attribute() -> None:
    assert 'href="https://a.example/"' in paragraphs('https://a.example/"onmouseover="alert(1)')


def test_direction_characters_end_an_address_so_that_it_cannot_read_backwards() -> None:
    assert ">https://a.example/</a>" in paragraphs("https://a.example/\u202egpj.exe")


@given(st.text(max_size=300))
def test_whatever_is_written_only_our_own_tags_come_out(text: str) -> None:
    made = html.fromstring(f"<div>{paragraphs(text.replace(chr(0), ''))}</div>")
    assert {element.tag for element in made.iter()} <= OUR_TAGS


@pytest.mark.parametrize("piece", ["https://a.example/((((", "http://", "\n \n", "))))", "<a "])
def test_a_hundred_thousand_characters_of_anything_take_less_than_a_second(piece: str) -> None:
    began = time.perf_counter()
    paragraphs(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 1
