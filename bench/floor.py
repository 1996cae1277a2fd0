"""What no mail door can go below: a bare LMTP receiver that writes each mail into one row and commits before it says 250.

Run by itself it serves until it is ended, and prints its port: `python -m bench.floor DATABASE_URL`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bench.posting import hand_over
from bench.processes import cpu_seconds
from bench.receiver import Door, Receiver
from bench.stage import Stage

TABLE = "CREATE TABLE IF NOT EXISTS bench_floor (raw bytea NOT NULL)"


@dataclass(frozen=True, slots=True)
class Floor:
    """Mails a second with a commit each, and CPU milliseconds a mail of receiver and database."""

    accepted_a_second: float
    cpu_a_mail: float


class Committing(Receiver):
    url = ""

    def handle(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as self.database:
            super().handle()

    def keep(self, lines: Iterator[bytes]) -> None:
        self.database.execute("INSERT INTO bench_floor VALUES (%s)", [b"".join(lines)])


def measure_floor(stage: Stage, mails: Sequence[tuple[str, bytes]], senders: int) -> Floor:
    with psycopg.connect(stage.database_url) as line:
        line.execute(TABLE)
    with _receiver(stage.database_url) as (pid, port):
        cpu, begun = cpu_seconds(pid) + stage.cpu_seconds("postgres"), time.perf_counter()
        with ThreadPoolExecutor(senders) as pool:
            list(pool.map(lambda place: hand_over(port, mails[place::senders]), range(senders)))
        taken = time.perf_counter() - begun
        spent = cpu_seconds(pid) + stage.cpu_seconds("postgres") - cpu
    with psycopg.connect(stage.database_url) as line:
        line.execute("DROP TABLE bench_floor")
    return Floor(len(mails) / taken, spent / len(mails) * 1000)


@contextmanager
def _receiver(url: str) -> Iterator[tuple[int, int]]:
    process = subprocess.Popen([sys.executable, "-m", "bench.floor", url], stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None:
            raise RuntimeError("the bare receiver has no output")
        yield process.pid, int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    Committing.url = sys.argv[1]
    with Door(("127.0.0.1", 0), Committing) as door:
        print(door.server_address[1], flush=True)
        door.serve_forever()


if __name__ == "__main__":
    main()
