"""How long, how large, and how much. Pure, but for enums that carry their labels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from sportello.privacy.enums import Kept

DROP_LASTS = timedelta(days=7)
LONGEST_SECRET = 10_000  # characters: a private key has some thousands
LONGEST_LABEL = 80
DOWNLOAD_LASTS = timedelta(days=7)
LONGEST_DAYS = 36_500
DEFAULT_DAYS: Mapping[Kept, int] = MappingProxyType(
    {
        Kept.RAW_MAIL: 0,
        Kept.SET_ASIDE: 0,
        Kept.OUTBOX: 0,
        Kept.CLOSED: 0,
        Kept.SIGN_IN: 365,
        Kept.CALLS: 365,
        Kept.DROPS: 365,
        Kept.PROPOSALS: 730,
    }
)
"""0: kept until the provider says otherwise. Neither what may be needed as proof nor a mail that was set aside in error goes by a default."""
