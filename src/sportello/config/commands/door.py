"""`sportello mail-door`."""

from __future__ import annotations

import argparse

from django.conf import settings

from sportello.intake import door
from sportello.watch import beating
from sportello.watch.enums import Work


def run(_options: argparse.Namespace) -> int:
    """Take mail in until asked to stop."""
    pacemaker = beating.begin(Work.DOOR, proof=beating.greets(settings.LMTP_HOST, settings.LMTP_PORT))
    door.run()
    pacemaker.stop()
    return 0
