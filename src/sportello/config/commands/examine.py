"""`sportello doctor`."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sportello.config import addresses, cli, findings, variables
from sportello.config.env import SettingError
from sportello.config.findings import Finding


def run(_options: argparse.Namespace) -> int:
    """Print each finding; 1 when one of them is bad. Settings that cannot be used come first: without them nothing else can be looked at."""
    bad = sum(map(_shown, findings.unusable()))
    if bad:
        print(f"\n{bad} to mend; then ask again, for the rest could not be looked at.")
        return 1
    with _stand_in_key():
        cli.set_up_django()
    from sportello.config import doctor

    bad = sum(map(_shown, doctor.examine()))
    print(f"\n{bad} to mend." if bad else "\nAll is well.")
    return 1 if bad else 0


def _shown(finding: Finding) -> bool:
    """Print it; whether it is bad."""
    print(f"{'ok ' if finding.good else 'BAD'}  {finding.subject}: {finding.words}")
    if not finding.good:
        print(f"     -> {finding.mend}")
    return not finding.good


@contextmanager
def _stand_in_key() -> Iterator[None]:
    """Without a key the framework does not start; for looking around any will do. That it is missing, the doctor finds afterwards."""
    try:
        addresses.secret_key()
    except SettingError:
        os.environ[variables.SECRET_KEY.name] = secrets.token_urlsafe(48)
        yield
        del os.environ[variables.SECRET_KEY.name]
    else:
        yield
