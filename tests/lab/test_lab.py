"""Real servers in every state that the field knows, and what the desk says of them: `make lab`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.lab.__main__ import sums


@pytest.mark.needs("ip", "setpriv", "apache2", "nginx", "named", "mariadbd", "php", "postfix", "dovecot", "root")
@pytest.mark.system
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_what_cannot_be_used_is_found_and_nothing_else_is_said_to_be(
    record_property: Callable[[str, object], None],
) -> None:
    path = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab", "--json"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=1150,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert told, done.stderr
    lines = [line for line in told if "ours" not in line]
    assert [line["verdict"] for line in told if "ours" in line] == ["unknown"] * 5
    for line in sums(lines):
        record_property("counted", f"lab: {line}")
    unusable = {line["state"] for line in lines if line["unusable"]}
    assert {line["state"] for line in lines if line["verdict"] == "unusable"} == unusable
    assert [
        line for line in lines if not line["right"] and line["verdict"] != "degraded"
    ] == []  # a busy machine is slow
    assert [line for line in lines if line["too_soon"] or not line["repaired"]] == []
    accused = [line for line in lines if line["blame"] in ("provider", "customer")]
    assert [line for line in accused if line["whose"] not in (line["blame"], "either")] == []
    assert len(lines) >= 20
