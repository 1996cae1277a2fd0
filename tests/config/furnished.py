"""Data folders of installations that were started before: made once a run, and copied wherever a first start is not what a test is about."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PLACE = "TESTS_FURNISHED"
"""Names the folder of this run for them. Where it is not set each is made for itself."""
_MAKE = """
import sys
from sportello.config import cli, ground, variables
from sportello.config.commands import up
from sportello.config.supervisor import Supervisor
data = variables.DATA.read()
ground.make_data_folder(data)
ground.ensure_secret_key()
with ground.sole_user_of(data), up.stopped_at_the_end(Supervisor(report=print)) as supervisor:
    environment = up.start_database(supervisor)
    with up.surroundings(environment):
        cli.set_up_django()
        up.prepare(environment, demo=False)
        exec(sys.argv[1])
"""
"""What `sportello up` does before it starts its programs."""


def put(data: Path, *, program: str, environment: Mapping[str, str]) -> None:
    """Make the data folder as a first start and then these lines of Python leave it."""
    place = os.environ.get(PLACE)
    if place is None:
        _make(data, program, environment)
        return
    made = Path(place) / hashlib.sha256(program.encode()).hexdigest()[:16]
    with made.with_suffix(".lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make(made, program, environment)
    subprocess.run(["cp", "--archive", "--reflink=auto", str(made), str(data)], check=True)


def _make(made: Path, program: str, environment: Mapping[str, str]) -> None:
    """Beside it and renamed: what was broken off is not taken for whole."""
    draft = made.with_suffix(".new")
    ours = {
        **{name: value for name, value in environment.items() if not name.startswith(("SPORTELLO_", "DATABASE_"))},
        "SPORTELLO_DATA": str(draft),
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), environment["PYTHONPATH"]]),
    }
    subprocess.run([sys.executable, "-c", _MAKE, program], env=ours, check=True)
    (draft / "postgresql.log").unlink()
    draft.rename(made)
