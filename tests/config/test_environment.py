from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_server_is_recent_enough() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150000
