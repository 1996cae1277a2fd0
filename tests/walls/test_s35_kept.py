"""What a process keeps of what strangers send stays small, however long it was (S35)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sportello.core import addresses
from sportello.core.addresses import BadAddressError, as_kept, ascii_domain
from sportello.duplicates.rules import topics
from sportello.incidents.board import serving
from tests.conftest import Tried

LONG = 400_000
"""Letters that one header of a request may have."""


@pytest.mark.parametrize(
    ("kept", "ask"),
    [
        (serving._language_of, lambda end: serving.language_of("fr," + "x" * LONG + end)),
        (topics._of, lambda end: topics.topics_of(["y" * LONG + end])),
        (addresses._ascii_domain, lambda end: as_kept("a@" + "z" * LONG + end)),
    ],
    ids=["languages", "words", "domains"],
)  # fmt: skip
def test_s35_nothing_is_kept_by_the_end_of_what_has_none(
    kept: Callable[..., object], ask: Callable[[str], object], tried: Tried
) -> None:
    """A fault found: a thousand headers of this length, each another one, were kept by each process that answers for the public status."""
    before = kept.cache_info().currsize  # type: ignore[attr-defined]  # of functools.lru_cache
    for end in "abc":
        ask(end)
        tried("S35")
    assert kept.cache_info().currsize - before <= 1  # type: ignore[attr-defined]  # the same


def test_s35_a_domain_longer_than_any_is_none() -> None:
    longest = ".".join(["a" * 49] * 5)
    assert (ascii_domain(longest), as_kept(f"A@{longest}.B")) == (longest, f"a@{longest}.b")
    with pytest.raises(BadAddressError):
        ascii_domain("a." * 127)
    assert as_kept("A@" + "b." * 127) == "a@" + "b." * 127
