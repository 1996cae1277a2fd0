"""The short form of `make cluster`: the same hosts and the same faults, with few mails, on the oldest PostgreSQL that is promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

OLDEST = "15"
COUNTED = ("acknowledged", "found", "lost", "doubled", "half tickets")


@pytest.mark.needs("ip", "setpriv", "nginx", "root")
@pytest.mark.system
@pytest.mark.slow(220)
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not Path(f"/usr/lib/postgresql/{OLDEST}").is_dir(), reason="needs postgresql-15")
def test_r26_r29_nothing_is_lost_when_machines_come_and_go(record_property: Callable[[str, object], None]) -> None:
    command = [sys.executable, "-m", "tests.cluster", "--short", "--mails", "60", "--server", OLDEST]
    path = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False, timeout=1150
    )
    assert done.returncode == 0, done.stderr
    rolled, undisturbed, cut, searched, failed_over = (
        json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")
    )
    for figures in (rolled, undisturbed, cut, failed_over):
        record_property("counted", f"cluster: {figures}")
        wrong = (figures["lost"], figures["doubled"], figures["half tickets"])
        record_property(
            "faults", {**{name: figures[name] for name in COUNTED}, "faults": 1, "survived": int(wrong == (0, 0, 0))}
        )
        assert wrong == (0, 0, 0)
        assert figures["most receipts to one"] == 1
    assert rolled["failed requests"] == 0
    assert cut["cut_node_answers"] // 100 == 4
    assert cut["other_node_answers"] == 250
    assert (searched["too soon"], searched["sessions on the standby"] > 0) == (0, True)
    assert (searched["found"], searched["found without"]) == (1, 1)
    assert max(failed_over["mail_back_after"], failed_over["pages_back_after"]) <= 60
