"""`sportello demo`: fills an empty database with a believable provider."""

from __future__ import annotations

import argparse

from sportello import demo
from sportello.config import addresses
from sportello.demo.setting import PASSWORD
from sportello.mail.models import Mailbox


def run(_options: argparse.Namespace) -> int:
    """An empty database is one without mailboxes; any other is left as it is. The data folder remembers what it is, and the password."""
    if not Mailbox.objects.exists():
        print("Telling the demonstration ...", flush=True)
        demo.load()
        addresses.demo_file().write_text(PASSWORD, encoding="utf-8")
    return 0
