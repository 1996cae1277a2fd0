"""Two people, one row, the same moment: whoever comes second is told so."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg.errors import UniqueViolation

from sportello.accounts.models import Team
from sportello.ui.failures import AtTheSameMoment

MADE = IntegrityError("duplicate key")
MADE.__cause__ = UniqueViolation()
GONE = [MADE, Team.DoesNotExist("gone"), DatabaseError("Save with update_fields did not affect any rows.")]


@pytest.mark.parametrize("exception", GONE)
def test_r16_what_was_taken_away_meanwhile_is_said_and_no_fault_of_ours(
    exception: Exception, rf: RequestFactory
) -> None:
    met = AtTheSameMoment(lambda _request: HttpResponse()).process_exception
    answer = met(rf.post("/"), exception)
    assert answer is not None
    assert answer.status_code == 409
    assert "Qualcun altro è intervenuto nello stesso momento" in answer.content.decode()
    assert met(rf.get("/"), exception) is None, "nobody writes by looking: that is a fault"
    assert met(rf.post("/"), DatabaseError("another")) is None
