"""Two administrators, one house: real connections, real locks (R16)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from sportello.accounts.actions import deactivate
from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.core.errors import Refused
from tests.factories import NOW, make_user
from tests.servers.until import until

_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"


@pytest.mark.django_db(transaction=True)
def test_r16_two_administrators_who_deactivate_each_other_leave_one() -> None:
    """They waited for each other in a circle; without that each would have seen the other still there, and nobody could have administered."""
    one, two = make_user("Ada", role=Role.ADMIN), make_user("Bea", role=Role.ADMIN)

    def deactivating() -> str:
        try:
            deactivate(user=one, by=two, now=NOW, address=None)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            deactivate(user=two, by=one, now=NOW, address=None)
            other = pool.submit(deactivating)
            until(lambda: other.done() or _somebody_waits(), 60)
        assert other.result(timeout=60) == "last-admin"
    assert list(User.objects.filter(is_active=True, role=Role.ADMIN)) == [one]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITS)
        return bool(cursor.fetchone()[0])
