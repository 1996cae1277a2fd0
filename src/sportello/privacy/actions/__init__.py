from __future__ import annotations

from sportello.privacy.actions.asking import ask_for_erasure
from sportello.privacy.actions.blotting import blot_out
from sportello.privacy.actions.downloading import ask_for_data, expire_downloads, note_fetched, pack
from sportello.privacy.actions.dropping import drop_secret, expire_drops, look_at, withdraw_drop
from sportello.privacy.actions.erasing import keep_ticket
from sportello.privacy.actions.going import carry_on_erasure
from sportello.privacy.actions.planning import begin_erasure, look_at_erasure
from sportello.privacy.actions.retention import Due, apply_retention, set_retention, what_is_due

__all__ = [
    "Due",
    "apply_retention",
    "ask_for_data",
    "ask_for_erasure",
    "begin_erasure",
    "blot_out",
    "carry_on_erasure",
    "drop_secret",
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
