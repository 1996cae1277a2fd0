"""What a page says, and what it only speaks of."""

from __future__ import annotations

import pytest

from sportello.diagnostics.enums import Sign
from sportello.diagnostics.rules import Page, sign_of

_TRADE = "<p>Dal 1962 lavoriamo il rovere e il castagno. In bottega si trovano tavoli, sedie e librerie su misura e cucine.</p>"


@pytest.mark.parametrize(
    "quoted",
    [
        "Error establishing a database connection",
        "This account has been suspended",
        "There has been a critical error on this website",
        "Briefly unavailable for scheduled maintenance",
        "PHP Fatal error: Allowed memory size exhausted",
    ],
)
def test_an_article_about_a_fault_is_none(quoted: str) -> None:
    """The lab's "articles about faults": a short page with the words in its midst was taken for the fault."""
    body = f"<title>Il taccuino</title><h1>Il taccuino</h1>{_TRADE * 3}<p>Che cosa fare quando si legge <em>{quoted}</em>.</p>"
    assert sign_of(Page(200, body)) == Sign.PAGE_FINE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Error establishing a database connection</h1>", Sign.PAGE_DATABASE),
        (f"<title>Account Suspended</title>{_TRADE}", Sign.PAGE_SUSPENDED),
        ("<p>Could not connect to MySQL</p>", Sign.PAGE_DATABASE),
        (f"{_TRADE}Access denied for user 'sito'@'localhost'", Sign.PAGE_DATABASE),
        (f"{_TRADE}<b>Fatal error</b>:  Uncaught Error in <b>/www/x.php</b> on line <b>3</b>", Sign.PAGE_PHP),
        ("<p>There has been a critical error on this website.</p><p>Learn more about it.</p>", Sign.PAGE_CRITICAL),
    ],
)
def test_a_fault_that_answers_200_is_known_by_its_heading_or_by_saying_little_else(body: str, expected: Sign) -> None:
    assert sign_of(Page(200, body)) == expected
