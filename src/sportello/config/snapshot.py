"""An empty database as all migrations leave it, in one file: a first start need not go through each of them since the first.

`make schema` writes it; a test proves that it leads to the same database as the migrations do. What has come since it was written is migrated as
ever.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from django.db import connection, transaction

from sportello.config import PACKAGE, embedded
from sportello.config.backups import clients

FILE = PACKAGE / "config" / "schema.sql"
# What another version of the server or the client does not know, or would outlast the loading.
_LEFT_OUT = re.compile(
    r"^(?:\\(?:un)?restrict .*|SET (?:\w+_timeout|row_security|xmloption|client_\w+|default_\w+|standard_\w+) = .*"
    r"|SELECT pg_catalog\.set_config\('search_path'.*|-- Dumped .*)\n",
    re.MULTILINE,
)
# How the server writes down `state IN ('a', 'b')`. Read again as it stands it would become another expression of the same meaning.
_ONE_OF = re.compile(r"\((\w+)\)::text = ANY \(\(ARRAY\[([^]]*)\]\)::text\[\]\)")
_IS_EMPTY = """
    SELECT current_schema() = 'public'
           AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)
           AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
           AND NOT EXISTS (SELECT FROM pg_type WHERE typnamespace = 'public'::regnamespace)
"""


def load_where_nothing_is() -> bool:
    """Fill a database in which nothing stands; leave any other alone. All of it or nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_IS_EMPTY)
        if cursor.fetchone() != (True,):
            return False
        cursor.execute("SELECT set_config('search_path', '', true)")
        cursor.execute(FILE.read_text(encoding="utf-8"))
        cursor.execute("UPDATE public.django_migrations SET applied = now()")
    return True


def dump(url: str, *, major: int = embedded.VERSION) -> str:
    """Tables and rows as SQL, the same text for the same database."""
    command = [clients.program("pg_dump", major=major), "--no-owner", "--no-privileges", "--inserts", "--dbname", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return _ONE_OF.sub(_one_of, _LEFT_OUT.sub("", said))


def _one_of(found: re.Match[str]) -> str:
    return f"{found[1]} IN ({found[2].replace('::character varying', '')})"


def main() -> None:
    """Write the file from the migrations, in a database made for it."""
    with tempfile.TemporaryDirectory(prefix="sportello-schema-") as folder:
        server = embedded.Server(embedded.cluster_in(Path(folder)))
        server.start()
        try:
            os.environ.update(
                SPORTELLO_DATA=folder, SPORTELLO_SECRET_KEY="for-this-alone" * 4, DATABASE_URL=server.cluster.url
            )
            os.environ["DJANGO_SETTINGS_MODULE"] = "sportello.config.settings"
            import django

            django.setup()
            from sportello.config.commands import prepare

            prepare.migrate_all()
            with connection.cursor() as cursor:
                # So that the file changes where the tables do; a first start sets its own.
                cursor.execute("UPDATE django_migrations SET applied = '2000-01-01'")
            connection.close()
            FILE.write_text(dump(server.cluster.url), encoding="utf-8")
        finally:
            server.ask_to_stop()
            server.end(seconds=20.0)


if __name__ == "__main__":
    main()
