"""`sportello demo`: fills an empty database with a believable provider."""

from __future__ import annotations

import argparse

from sportello import demo
from sportello.mail.models import Mailbox


def run(_options: argparse.Namespace) -> int:
    """An empty database is one without mailboxes; any other is left as it is."""
    if not Mailbox.objects.exists():
        demo.load()
    return 0
