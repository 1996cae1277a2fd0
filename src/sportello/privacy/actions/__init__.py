from __future__ import annotations

from sportello.privacy.actions.blotting import blot_out
from sportello.privacy.actions.dropping import drop_secret, expire_drops, look_at, withdraw_drop

__all__ = ["blot_out", "drop_secret", "expire_drops", "look_at", "withdraw_drop"]
