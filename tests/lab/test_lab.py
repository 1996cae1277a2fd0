"""Real servers in every state that the field knows, and what the desk says of them: `make lab`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.lab.table import Line, sums, table

SHOWN = "TESTS_LAB_TABLE"
"""Set by `make lab`."""


@pytest.mark.needs("ip", "setpriv", "apache2", "nginx", "named", "mariadbd", "php", "postfix", "dovecot", "root")
@pytest.mark.system
@pytest.mark.slow(100)
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_used_is_found_and_nothing_else_is_said_to_be(
    record_property: Callable[[str, object], None],
) -> None:
    told = _examined()
    lines = [line for line in told if "ours" not in line]
    ours = [line for line in told if "ours" in line]
    for line in sums(lines):
        record_property("counted", f"lab: {line}")
    if SHOWN in os.environ:
        print(table(lines), *(f"{line['state']}: {line['verdict']}" for line in ours), sep="\n")
    assert [line["verdict"] for line in ours] == ["unknown"] * 5
    unusable = {line["state"] for line in lines if line["unusable"]}
    assert {line["state"] for line in lines if line["verdict"] == "unusable"} == unusable
    assert {line["state"] for line in lines if line["first"]} == unusable, "their tickets come first, and no others"
    assert [
        line for line in lines if not line["right"] and line["verdict"] != "degraded"
    ] == []  # a busy machine is slow
    assert [line for line in lines if line["too_soon"] or not line["repaired"]] == []
    assert [line for line in lines if line["first_after"] or line["ticket"] != line["after"]] == []
    accused = [line for line in lines if line["blame"] in ("provider", "customer")]
    assert [line for line in accused if line["whose"] not in (line["blame"], "either")] == []
    assert len(lines) >= 20


def _examined() -> list[Line]:
    """On a machine of the lab's own, which reaches the test's database by its Unix socket."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    path = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab"],
        env={**os.environ, "PYTHONPATH": path, "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
        timeout=580,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert told, done.stderr
    return told
