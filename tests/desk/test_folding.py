"""Long messages are folded; nothing of them is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from sportello.desk.templatetags.folding import LONG, SHOWN, beginning, remainder
from tests.factories import make_ticket, make_user


def _lines(count: int) -> str:
    return "\n".join(f"riga {number}" for number in range(count))


def test_a_message_of_sixty_lines_is_shown_whole() -> None:
    assert (beginning(_lines(LONG)), remainder(_lines(LONG))) == (_lines(LONG), "")


def test_a_longer_one_is_folded_and_complete() -> None:
    text = _lines(LONG + 1)
    assert f"{beginning(text)}\n{remainder(text)}" == text
    assert len(beginning(text).splitlines()) == SHOWN


@pytest.mark.django_db
def test_the_page_says_how_many_lines_are_folded() -> None:
    ticket = make_ticket(text=_lines(6000))
    client = Client()
    client.force_login(make_user(language="en"))
    page = client.get(f"/desk/tickets/{ticket.public_id}/").content.decode()
    assert "Show 5960 more lines" in page
    assert "riga 5999" in page
