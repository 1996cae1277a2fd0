"""New words are put into their indexes, so that no search goes through what waits beside them."""

from __future__ import annotations

import pytest
from django.db import connection

from sportello.tickets import actions
from tests.factories import NOW, make_ticket

pytestmark = pytest.mark.django_db


def waiting() -> int:
    """Pages of words that waited beside the index of messages; asking puts them in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('message_words')")
        (pages,) = cursor.fetchone()
    return int(pages)


def test_a_message_waits_beside_the_index_and_is_put_in() -> None:
    make_ticket(text="La posta non parte", now=NOW)
    assert waiting() > 0
    make_ticket(text="Il sito non si apre", now=NOW)
    actions.index_words()
    assert waiting() == 0
