"""Whoever is alone is never told that somebody else was there at the same moment (S14, S48): such an answer would hide a fault of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.test import Client, override_settings

from tests.walls.hostile.forms import Form
from tests.walls.hostile.pages import NOT_ALONE, harms_of
from tests.walls.hostile.tally import IS_LONG, Tally, sample
from tests.walls.visitors import Catalogue, undone

pytestmark = [pytest.mark.slow(60), pytest.mark.timeout(3600 if IS_LONG else 600)]
NOBODYS = {re.compile(r"\d{1,10}"): "987654321", re.compile(r"[0-9a-f-]{36}"): str(UUID(int=7))}
"""What a field holds that names a row, and what names none."""
MOST = 90


def sendings(form: Form) -> Iterator[list[dict[str, str]]]:
    """Twice as it stands; with each row in turn, and with all at once, replaced by one that is not there."""
    good = {name: value or "" for name, value in form.fields}
    yield [good, good]
    gone = {
        name: nobodys
        for name, value in good.items()
        for kind, nobodys in NOBODYS.items()
        if name != "csrfmiddlewaretoken" and kind.fullmatch(value)
    }
    for name, value in gone.items():
        yield [{**good, name: value}]
    if len(gone) > 1:
        yield [{**good, **gone}]


@pytest.mark.usefixtures("shared_world")
def test_s48_who_is_alone_meets_nobody(catalogue: Catalogue, record_property: Callable[[str, object], None]) -> None:
    tally = Tally("S14/S48 forms sent twice, and about what is not there")
    tries = [(person, form, sent) for person, form in catalogue if form.method == "POST" for sent in sendings(form)]
    for person, form, sent in sample(tries, MOST):
        with undone(person.client):
            harms = [harm for fields in sent for harm in harms_of(person.client.post(form.action, fields))]
        tally.add(f"{person.name} {form} {sent}", harms)
    record_property("counted", str(tally))
    tally.settle()


@override_settings(ROOT_URLCONF="tests.walls.faulty_urls")
def test_an_answer_that_somebody_else_was_there_counts_as_wrong(client: Client) -> None:
    """A fault found: it was 409, and only 500 and more counted."""
    assert NOT_ALONE in harms_of(client.post("/gone"))
