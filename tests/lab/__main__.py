"""On the lab's own machine: every state, a line of JSON each. Begun by the test, with the test's database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sportello.config import cli
from tests.lab.network import INSIDE, machine


def main() -> int:
    if INSIDE not in os.environ:
        with machine(f"sp-lab{os.getpid()}") as mark:
            command = ["ip", "netns", "exec", mark, sys.executable, "-m", "tests.lab"]
            return subprocess.run(command, env={**os.environ, INSIDE: mark}, check=False).returncode
    cli.set_up_django()
    from tests.lab.examining import examine

    with tempfile.TemporaryDirectory(prefix="sportello-lab-") as folder:
        print("\n".join(map(json.dumps, examine(Path(folder)))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
