"""Signs of life are written, and what inspections found."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from sportello.core import clock, files
from sportello.core.sealing import mark_of_the_key
from sportello.watch import queries
from sportello.watch.enums import Inspection, Work
from sportello.watch.models import LastInspection, Pulse

MOST_NAMED = 1000
_CLOCK = "SELECT extract(epoch FROM clock_timestamp())"


def beat(*, work: Work, node: str, process: str, trouble: str, figures: Mapping[str, Any]) -> None:
    """Say that this process lives, and how its machine's clock differs. Rows of processes that ended on this machine are cleared away."""
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute(_CLOCK)
        ahead = (before + time.time()) / 2 - float(cursor.fetchone()[0])
    clock.note_difference(ahead)
    Pulse.objects.update_or_create(
        work=work,
        node=node,
        process=process,
        defaults={
            "beat_at": Now(),
            "clock_ahead": ahead,
            "trouble": trouble,
            "figures": dict(figures),
            "key_mark": mark_of_the_key(),
        },
    )
    ended = [
        row.pk
        for row in Pulse.objects.filter(work=work, node=node).exclude(process=process)
        if not is_alive(row.process)
    ]
    if ended:
        Pulse.objects.filter(pk__in=ended).delete()


def leave(*, work: Work, node: str, process: str) -> None:
    """At an orderly end: where others do the same work nobody is missed, and else the row stays, to be missed."""
    others = any(sign.work is work and sign.age.total_seconds() < 30 for sign in queries.signs() if sign.node != node)
    if others:
        Pulse.objects.filter(work=work, node=node, process=process).delete()


def process_name(pid: int | None = None) -> str:
    """The number of a process with the moment it began, in the kernel's ticks: a number comes again, the pair does not."""
    number = os.getpid() if pid is None else pid
    return f"{number}@{_began(number)}"


def is_alive(name: str) -> bool:
    """Whether that process of this machine still runs."""
    pid, _, began = name.partition("@")
    return pid.isdigit() and _began(int(pid)) == began


def frozen(*, node: str, silent: timedelta) -> set[str]:
    """The processes of this machine that are still there, and have given no sign for so long."""
    rows = Pulse.objects.filter(node=node, beat_at__lt=Now() - silent).values_list("process", flat=True)
    return {name for name in rows if is_alive(name)}


def end_at_once(name: str) -> None:
    """A process of this machine; whoever started it starts another in its place."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(int(name.partition("@")[0]), signal.SIGKILL)


def note_backup(*, snapshot: str, moment: datetime, rows: int, files: int, now: datetime, missing: int = 0) -> None:
    """A good backup: what it holds stands for `moment`, so its age counts from there. `missing` files the file store had lost before."""
    found = {"snapshot": snapshot, "rows": rows, "files": files, "missing": missing, "ended_at": now.isoformat()}
    LastInspection.objects.update_or_create(kind=Inspection.BACKUP, defaults={"at": moment, "found": found})


def note_failed_backup(*, why: str, now: datetime) -> None:
    _note_failure(Inspection.BACKUP, why=why, now=now)


def note_restore(*, snapshot: str, moment: datetime, seconds: int, now: datetime) -> None:
    """A backup, of `moment`, that was restored on trial `now`, from the store to the last row and file in so many seconds."""
    found = {"snapshot": snapshot, "moment": moment.isoformat(), "seconds": seconds}
    LastInspection.objects.update_or_create(kind=Inspection.RESTORE, defaults={"at": now, "found": found})


def note_failed_restore(*, why: str, now: datetime) -> None:
    _note_failure(Inspection.RESTORE, why=why, now=now)


def _note_failure(kind: Inspection, *, why: str, now: datetime) -> None:
    """Stands beside the last good one until there is another."""
    row, _made = LastInspection.objects.get_or_create(kind=kind, defaults={"at": now})
    row.found = {**row.found, "failed_at": now.isoformat(), "why": why}
    row.save(update_fields=["found"])


def note_files(*, looked_at: int, damaged: Sequence[str], now: datetime) -> None:
    """The outcome of a look through the whole file store. Those that were given up stay so until they are whole again."""
    given_up = queries.given_up()
    found = {
        "looked_at": looked_at,
        "damaged": [name for name in damaged if name not in given_up][:MOST_NAMED],
        "given_up": [name for name in damaged if name in given_up],
    }
    LastInspection.objects.update_or_create(kind=Inspection.FILES, defaults={"at": now, "found": found})


def note_mark(*, now: datetime) -> None:
    """The file store has its mark: without it, it is not there from now on."""
    LastInspection.objects.get_or_create(kind=Inspection.STORE, defaults={"at": now})


def check_files() -> tuple[int, list[str]]:
    """Read every file that a row names; how many, and those that are missing or altered and were not given up.

    Raises FileStoreAway, with nothing noted: of a store that is away no file is known to be damaged.
    """
    files.check_there()
    names = queries.every_named_file()
    damaged = [name for name in names if not files.is_whole(name)]
    note_files(looked_at=len(names), damaged=damaged, now=clock.now())
    given_up = queries.given_up()
    return len(names), [name for name in damaged if name not in given_up]


def give_up(names: Sequence[str], *, now: datetime) -> list[str]:
    """Of these files, those that are lost: neither health nor a backup complains of them any more. Raises FileStoreAway."""
    lost = [name for name in names if name in queries.every_named_file() and not files.is_whole(name)]
    with transaction.atomic():
        row, _made = LastInspection.objects.select_for_update(no_key=True).get_or_create(
            kind=Inspection.FILES, defaults={"at": now}
        )
        damaged = [name for name in row.found.get("damaged", []) if name not in lost]
        given_up = list(dict.fromkeys([*row.found.get("given_up", []), *lost]))
        row.found = {**row.found, "damaged": damaged, "given_up": given_up}
        row.save(update_fields=["found"])
    return lost


def on_damaged_file(sha256: str, **_: object) -> None:
    """Somebody wanted a file that is missing or altered: health tells until a look through the store finds all whole."""
    try:
        with transaction.atomic():
            row, _made = LastInspection.objects.select_for_update(no_key=True).get_or_create(
                kind=Inspection.FILES, defaults={"at": clock.now()}
            )
            known = row.found.get("damaged", [])
            if sha256 not in [*known, *row.found.get("given_up", [])] and len(known) < MOST_NAMED:
                row.found = {**row.found, "damaged": [*known, sha256]}
                row.save(update_fields=["found"])
    except DatabaseError:
        return  # the log has the line; the next look through the store finds it again


def recheck_damaged() -> int:
    """Look again at those known to be damaged; how many still are."""
    row = queries.last_inspection(Inspection.FILES)
    known: list[str] = row.found.get("damaged", []) if row else []
    if row is None or not known:
        return 0
    still = [name for name in known if not files.is_whole(name)]
    if still != known:
        note_files(
            looked_at=row.found.get("looked_at", 0), damaged=[*still, *row.found.get("given_up", [])], now=row.at
        )
    return len(still)


def _began(pid: int) -> str:
    """The 22nd field of /proc/PID/stat; empty when there is no such process. The name before it may hold blanks and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
