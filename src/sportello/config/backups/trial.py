"""A backup brought back into a database of its own, beside the desk at work, and thrown away: the one proof that it can be restored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sportello.config import embedded
from sportello.config.backups import restoring
from sportello.config.backups.restoring import Restored, Unpacked

ROOM = 200_000_000
"""Bytes left to the desk on its disk."""
_TIMES_THE_DUMP = 3
"""Tables, their indexes, and the write-ahead log of making both."""


def bring_back(backup: Unpacked) -> Restored:
    """Raises SettingError without room or PostgreSQL, DamagedError when what comes back is not what was saved."""
    restoring.check_room(backup.folder, _TIMES_THE_DUMP * backup.dump.stat().st_size + ROOM)
    with _own_server(backup) as url:
        return restoring.into_database(backup, url=url, overwrite=False, send_waiting=True)


@contextmanager
def _own_server(backup: Unpacked) -> Iterator[str]:
    """Of the version that comes with Sportello, which reads what an older one has saved."""
    server = embedded.Server(embedded.cluster_in(backup.folder), options={"fsync": "off", "full_page_writes": "off"})
    server.start()
    try:
        yield server.cluster.url
    finally:
        server.ask_to_stop()
        server.end(seconds=30)
