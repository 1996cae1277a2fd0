"""The story of a ticket can be added to, never changed."""

from __future__ import annotations

import pytest
from django.db import Error, transaction

from sportello.tickets.models import Event
from tests.factories import make_ticket

pytestmark = pytest.mark.django_db


def test_the_database_refuses_to_change_or_remove_an_event() -> None:
    make_ticket()

    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Event.objects.update(kind="solved")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Event.objects.get().delete()

    assert Event.objects.get().kind == "opened"
