from __future__ import annotations

from sportello.privacy.actions.asking import ask_for_erasure
from sportello.privacy.actions.blotting import blot_out
from sportello.privacy.actions.downloading import ask_for_data, expire_downloads, note_fetched, pack
from sportello.privacy.actions.dropping import drop_secret, expire_drops, look_at, withdraw_drop
from sportello.privacy.actions.erasing import Outcome, erase_person, keep_ticket, look_at_erasure
from sportello.privacy.actions.retention import Due, apply_retention, set_retention, what_is_due

__all__ = [
    "Due",
    "Outcome",
    "apply_retention",
    "ask_for_data",
    "ask_for_erasure",
    "blot_out",
    "drop_secret",
    "erase_person",
    "expire_downloads",
    "expire_drops",
    "keep_ticket",
    "look_at",
    "look_at_erasure",
    "note_fetched",
    "pack",
    "set_retention",
    "what_is_due",
    "withdraw_drop",
]
