"""`sportello doctor`."""

from __future__ import annotations

import argparse

from sportello.config import doctor


def run(_options: argparse.Namespace) -> int:
    """Print each finding; 1 when one of them is bad."""
    bad = 0
    for finding in doctor.examine():
        print(f"{'ok ' if finding.good else 'BAD'}  {finding.subject}: {finding.words}")
        if not finding.good:
            bad += 1
            print(f"     -> {finding.mend}")
    print(f"\n{bad} to mend." if bad else "\nAll is well.")
    return 1 if bad else 0
