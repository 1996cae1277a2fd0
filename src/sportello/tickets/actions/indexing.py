"""The indexes of words: what was written of late waits beside them, and here it is put in."""

from __future__ import annotations

from django.db import connection

_PUT_IN = """
    SELECT gin_clean_pending_list(oid) FROM pg_class
     WHERE relname IN ('ticket_words', 'message_words', 'note_words') AND relnamespace = current_schema()::regnamespace
       AND pg_has_role(relowner, 'USAGE')
"""


def index_words() -> None:
    """Puts new words into their indexes. PostgreSQL would leave up to 4 MB of them, which each search then goes through word by word.

    The indexes must be ours; those of somebody else are left to autovacuum.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PUT_IN)
