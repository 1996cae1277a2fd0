"""How quickly a billing system's files come in: new, and once more as they were."""

from __future__ import annotations

import csv
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.stage import Stage

RUN = """
import json, resource, sys, time
from sportello.config.cli import run
begun, used = time.monotonic(), time.process_time()
code = run(["import", sys.argv[1], sys.argv[2]])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([code, time.monotonic() - begun, time.process_time() - used, peak]))
"""
_Cells = Callable[[str, int], Sequence[str | int]]
FILES: Mapping[str, tuple[Sequence[str], _Cells]] = {
    "customers": (
        ("id", "ragione sociale", "stato", "dal", "p.iva", "lingua", "password"),
        lambda run, n: (f"{run}{n}", f"Società {n} S.r.l.", "attivo", "01/02/2020", "00743110157", "italiano", "secret"),
    ),
    "contacts": (
        ("id", "id cliente", "nome", "email", "telefono", "vede tutto"),
        lambda run, n: (f"{run}{n}", f"{run}{n}", f"Persona {n}", f"{run}{n}@bench.example", f"02 555{n % 100_000:05}", "si"),
    ),
    "servers": (
        ("id", "nome", "ip"),
        lambda run, n: (f"{run}{n}", f"{run}-{n}", f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"),
    ),
    "services": (
        ("id", "id cliente", "dominio", "prodotto", "tipo", "stato", "servername", "scadenza"),
        lambda run, n: (f"{run}{n}", f"{run}{n}", f"{run}{n}.example", "Shop", "hosting", "attivo", f"{run}-{n}", "31/12/2027"),
    ),
    "domains": (
        ("id", "id cliente", "dominio", "stato", "scadenza"),
        lambda run, n: (f"{run}{n}", f"{run}{n}", f"d{run}{n}.example", "attivo", "31/12/2027"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """One file. CPU in seconds of the command and of the database; `peak_mib` is the most memory that the command had."""

    kind: str
    is_new: bool
    rows: int
    seconds: float
    cpu: float
    database_cpu: float
    peak_mib: float

    @property
    def rows_a_second(self) -> float:
        return self.rows / self.seconds

    @property
    def rows_a_cpu_second(self) -> float:
        """Of both together: what one core does that nobody else uses."""
        return self.rows / (self.cpu + self.database_cpu)


def measure_imports(stage: Stage, rows: int) -> list[Imported]:
    """Nothing for no rows."""
    run = f"b{datetime.now(UTC):%H%M%S}"
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as folder:
        files = {kind: _write(Path(folder), kind, run, rows) for kind in FILES} if rows else {}
        return [_measure(stage, kind, file, rows, is_new=new) for kind, file in files.items() for new in (True, False)]


def _write(folder: Path, kind: str, run: str, rows: int) -> Path:
    header, cells = FILES[kind]
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows(cells(run, number) for number in range(rows))
    return path


def _measure(stage: Stage, kind: str, file: Path, rows: int, *, is_new: bool) -> Imported:
    before = stage.cpu_seconds("postgres")
    told = stage.python("-c", RUN, kind, str(file)).splitlines()[-1]
    time.sleep(0.5)  # until the server has counted what its process for this command used
    code, seconds, cpu, peak = json.loads(told)
    if code:
        raise RuntimeError(f"the import of {kind} left rows out")
    return Imported(kind, is_new, rows, seconds, cpu, stage.cpu_seconds("postgres") - before, peak)
