"""The tallies of the queue: triggers add a row for each change, and here those of a kind become one."""

from __future__ import annotations

from django.db import connection

_FOLD = """
    WITH gone AS (
        DELETE FROM tickets_tally
         WHERE EXISTS (SELECT FROM tickets_tally GROUP BY "group", assignee_id, team_id HAVING count(*) > 1)
        RETURNING "group", assignee_id, team_id, number)
    INSERT INTO tickets_tally ("group", assignee_id, team_id, number)
        SELECT "group", assignee_id, team_id, sum(number) FROM gone GROUP BY 1, 2, 3 HAVING sum(number) <> 0
"""


def fold_tallies() -> None:
    """Keeps the tallies few. In one statement, so that every reader sees the same sums; two at once take different rows."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD)
