"""R24: the release before works at a filled database while the new one's migrations run, then on the new schema, then gives way node by node."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.cast import PASSWORD, SUPPORT
from bench.measuring import FILL, LINKS
from bench.pages import contacts
from bench.visiting import Visitor
from sportello.config import embedded
from tests.cluster.hosts import NAME, NODES, SOURCE, URL, Cluster, cluster
from tests.cluster.network import ADDRESSES, Network
from tests.cluster.traffic import TwoDoors
from tests.config.house import House, until
from tests.faults import counts
from tests.faults.installation import Installation
from tests.mail.smtp_server import Conduct
from tests.soak.load import FAILED_JOBS, PASSWORDS, SETTLING_SECONDS, answers, staff
from tests.soak.people import Agent, Customer, Person, entering, present
from tests.soak.posting import LANES, streaming, written
from tests.soak.waits import Waits, spread

TREE = Path(__file__).parents[2]
MIGRATIONS_BACK = 5
"""Where there is no tag, the release before is the tree in which so many of the newest changes of the schema were still to come."""
FILLING_SECONDS = 7200.0
_MIGRATIONS = "SELECT app || '.' || name FROM django_migrations"
_NOW = "SELECT now()"


@contextmanager
def release_before(given: Path | None) -> Iterator[tuple[Path, str]]:
    """The tree of the previous release that was given, or one as long as the body runs: of the newest tag, else of a commit with fewer migrations."""
    if given:
        yield given, str(given)
        return
    name = previous()
    with TemporaryDirectory(prefix="sportello-before-") as folder:
        archive = subprocess.run(
            ["git", "-C", str(TREE), "archive", name, "src", "bench"], capture_output=True, check=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        outside = {**os.environ, "PYTHONPATH": f"{folder}/src"}
        subprocess.run([sys.executable, "-P", "-m", "sportello.config.catalogues"], env=outside, check=True)
        yield Path(folder), name


def previous() -> str:
    tag = git("describe", "--tags", "--abbrev=0", "HEAD^", check=False)
    if tag:
        return tag
    names = "src/sportello/*/migrations/[0-9]*.py"
    changes = git("log", "--diff-filter=A", "--format=%H", "-n", str(MIGRATIONS_BACK), "--", names).split()
    return git("rev-parse", "--short", f"{changes[-1]}^")


def git(*words: str, check: bool = True) -> str:
    done = subprocess.run(["git", "-C", str(TREE), *words], capture_output=True, text=True, check=check)
    return done.stdout.strip()


def run(
    mark: str, folder: Path, *, before: Path | None, tickets: int, minutes: float, rate: float, agents: int, customers: int
) -> dict[str, Any]:  # fmt: skip
    """For `minutes` the old code alone, so long again on the new schema, and so long the new code, besides what the steps take."""
    with (
        release_before(before) as (tree, name),
        cluster(Network(mark), folder, programs=embedded.programs(), source=tree / "src", at_once=False) as built,
    ):
        try:
            fill(built, tree, tickets)
            return {
                "event": "upgrade",
                "before": name,
                "tickets": tickets,
                **upgrade(built, minutes=minutes, rate=rate, agents=agents, customers=customers),
            }
        except BaseException:
            print(built.words(), file=sys.stderr)
            raise


def fill(built: Cluster, tree: Path, tickets: int) -> None:
    """With the filling of that release, which knows its tables. What is imported must not be found in the folder where we stand: -P."""
    environment = built.environment("node1")
    path = os.pathsep.join([str(tree), environment["PYTHONPATH"]])
    command = (sys.executable, "-P", "-c", FILL, environment["DATABASE_URL"], str(tickets))
    log = built.folder / "fill.log"
    program = built.network.start("node1", *command, log=log, environment={**environment, "PYTHONPATH": path})
    assert program.wait(FILLING_SECONDS) == 0, log.read_text()


def upgrade(built: Cluster, *, minutes: float, rate: float, agents: int, customers: int) -> dict[str, Any]:
    waits, seconds = Waits("arriving"), minutes * 60
    desk = Installation(House(Path("/nonexistent"), ports=[]), URL, Conduct())
    ((begun,),) = desk.ask(_NOW)
    before, done = counts.of_mail(desk, ()), {name for (name,) in desk.ask(_MIGRATIONS)}
    people = crew(built, waits, agents=agents, customers=customers)
    took: dict[str, float] = {}
    phases: Mapping[str, Callable[[], None]] = {
        "old code": lambda: time.sleep(seconds),
        "migrating": lambda: migrate(built),
        "old code, new schema": lambda: time.sleep(seconds),
        "node by node": lambda: replace(built),
        "new code": lambda: time.sleep(seconds),
    }
    doors = TwoDoors(0, SUPPORT, lanes=LANES)
    with present(people), streaming(doors, rate, written(f"upgrade{os.getpid()}.{time.time():.0f}")):
        for waits.phase, step in phases.items():
            since = time.monotonic()
            step()
            took[waits.phase] = time.monotonic() - since
    until(lambda: counts.waiting(desk) == 0, seconds=SETTLING_SECONDS, what="every mail is filed")
    found = {name: found - before[name] for name, found in counts.of_mail(desk, doors.acknowledged).items()}
    ran = {name for (name,) in desk.ask(_MIGRATIONS)} - done
    waited = [value for phase in phases for value in waits.of_phase(phase)]
    return {
        "migrations": len(ran),
        "newest migrations": sorted(ran)[:8],
        "seconds of": {phase: round(value, 1) for phase, value in took.items()},
        **found,
        "refused for now": doors.refusals(),
        "refused for good": len(doors.refused),
        "ms to the 250": spread(doors.took),
        "requests": len(waited),
        "longest wait s": max(waited, default=0.0),
        **{f"ms, {phase}": spread(waits.of_phase(phase)) for phase in phases},
        "errors": dict(waits.failed),
        **answers(desk, people, begun),
        "jobs failed": dict(desk.ask(FAILED_JOBS)),
    }


def crew(built: Cluster, waits: Waits, *, agents: int, customers: int) -> list[Person]:
    """They come in through the front server."""
    environment = built.environment("node1")

    def inside(*words: str) -> str:
        return built.network.run("node1", sys.executable, "-c", *words, environment=environment)

    def visitor() -> Visitor:
        return Visitor(ADDRESSES["front"], name=NAME)

    inside(PASSWORDS, PASSWORD)
    links = inside(LINKS, *map(str, contacts(URL, customers))).split()
    return [
        *(Agent(visitor(), staff(place), waits, 1000 + place) for place in range(agents)),
        *(Customer(visitor(), entering(link), waits, 2000 + place) for place, link in enumerate(links)),
    ]


def migrate(built: Cluster) -> None:
    """By the new code, as its administrator does it first; the old code goes on."""
    old, built.source = built.source, SOURCE
    built.migrate("node1")
    built.source = old


def replace(built: Cluster) -> None:
    built.source = SOURCE
    for node in NODES:
        built.stop(node)
        built.start(node)
        built.until_ready(node)
