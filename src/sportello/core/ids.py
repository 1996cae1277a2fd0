"""Public identifiers: random, so that nothing can be learnt or guessed from an address."""

from __future__ import annotations

from uuid import UUID, uuid4


def public_id() -> UUID:
    """A random UUID (version 4, 122 random bits)."""
    return uuid4()
