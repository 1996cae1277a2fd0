"""Other help desks, measured in the same run with their own drivers: shell scripts in a folder beside the repository, or in BENCH_PEERS.

They install what they need as root on Debian 12 and take it down again.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "bench" / "peers"
FOLDER = Path(os.environ.get("BENCH_PEERS", _BESIDE))
VIEWS_A_ROUND = 20
ROUNDS = 2

OURS = MappingProxyType(
    {
        "list": "queue",
        "ticket20": "ticket, 20 messages",
        "fts_rare": "search, rare word",
        "fts_common": "search, common words",
        "customer": "customer's list",
        "customer_open": "customer's list",
    }
)
"""What their drivers call the pages that answer to ours."""


class PeerError(Exception):
    """A peer cannot be measured here; says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Peer:
    """`steps` bring it up with N tickets from nothing; `pages` visits it and writes a JSON object a line."""

    script: str
    pages: str
    steps: Sequence[Sequence[str]]


PEERS = MappingProxyType(
    {
        "django-helpdesk": Peer("django_helpdesk.sh", "django_helpdesk_pages.sh", [["up"], ["load", "{tickets}"]]),
        "rt": Peer("rt.sh", "rt_pages.sh", [["up"], ["fts"], ["load", "{tickets}"]]),
    }
)


@dataclass(frozen=True, slots=True)
class PeerView:
    """As `measuring.Views`: CPU milliseconds a view of web and database together. `errors` are views that did not show what they should."""

    peer: str
    page: str
    tickets: int
    visitors: int
    p50: float
    p95: float
    cpu: float
    errors: int = 0


def check_can_measure(names: Iterable[str]) -> None:
    """Raises PeerError before anything is begun."""
    for name in names:
        if not (FOLDER / PEERS[name].script).is_file():
            raise PeerError(f"The driver of {name} is not there: it is looked for at {FOLDER / PEERS[name].script}.")
        if os.geteuid():
            raise PeerError(f"{name} is installed by its driver, which needs root.")


def measure_peer(name: str, tickets: int, visitors: Sequence[int]) -> list[PeerView]:
    """Brings the peer up from nothing, visits its pages, and takes it down again."""
    peer = PEERS[name]
    try:
        for step in peer.steps:
            _run(peer.script, *(word.format(tickets=tickets) for word in step))
        with TemporaryDirectory() as folder:
            out = Path(folder) / "pages"
            counts = [word for count in visitors for word in ("-C", str(count))]
            try:
                _run(peer.pages, name, str(out), *counts, "-n", str(VIEWS_A_ROUND), "--rounds", str(ROUNDS))
            except PeerError:
                if not out.is_file():  # else it has told of each page how many views went wrong
                    raise
            return read_views(name, tickets, out.read_text(encoding="utf-8").splitlines())
    finally:
        _run(peer.script, "destroy")


def read_views(name: str, tickets: int, lines: Iterable[str]) -> list[PeerView]:
    """From the driver's lines; those about weights, and pages that we have nothing beside, are left out."""
    found = [json.loads(line) for line in lines]
    return [
        PeerView(
            peer=name,
            page=OURS[each["page"]],
            tickets=tickets,
            visitors=each["clients"],
            p50=each["p50_ms"],
            p95=each["p95_ms"],
            cpu=each["cpu_ms_per_view"]["web"] + each["cpu_ms_per_view"]["db"],
            errors=each.get("errors", 0),
        )
        for each in found
        if "clients" in each and each["page"] in OURS
    ]


def _run(script: str, *words: str) -> None:
    command = [str(FOLDER / script), *words]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if ended.returncode:
        raise PeerError(f"{' '.join(command)} ended with {ended.returncode}: {ended.stdout[-1000:]}")
