"""Words taken out of a text for good. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sportello.core.entities import unescaped

MARK = "█████"
SHORTEST = 4
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=False)
class Blot:
    """Words to be taken out wherever they stand: over the end of a line too, and behind the signs of a quotation.

    `whole_words` leaves a word alone that merely contains them, and takes capitals for small letters.
    """

    words: tuple[str, ...]
    whole_words: bool = False

    @classmethod
    def of(cls, words: Iterable[str], *, whole_words: bool = False) -> Blot:
        """The longest first, so that no rest of it stays; what is too short to be meant is left out."""
        plain = {word.strip() for word in words}
        return cls(tuple(sorted((word for word in plain if len(word) >= SHORTEST), key=len, reverse=True)), whole_words)

    def text(self, text: str) -> tuple[str, int]:
        """The text without them, and in how many places they stood."""
        return self._pattern.subn(MARK, text) if self.words else (text, 0)

    def html(self, source: str) -> tuple[str, int]:
        """The same for sanitised HTML; "" where the words stand so that marks of the HTML go through them."""
        rest, count = self._in_html.subn(MARK, source) if self.words else (source, 0)
        if self.words and self._pattern.search(unescaped(_TAG.sub("", rest))):
            return "", count + 1
        return rest, count

    def json(self, value: Any) -> tuple[Any, int]:
        """The same for a text, or for whatever texts a JSON value holds, however deep they stand."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            done = [self.json(each) for each in value]
            return [rest for rest, _found in done], sum(found for _rest, found in done)
        if isinstance(value, dict):
            named = {key: self.json(each) for key, each in value.items()}
            return {key: rest for key, (rest, _found) in named.items()}, sum(found for _rest, found in named.values())
        return value, 0

    def is_in(self, text: str) -> bool:
        return bool(self.words) and self._pattern.search(text) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return self._compiled(self.words)

    @cached_property
    def _in_html(self) -> re.Pattern[str]:
        escaped = (form for word in self.words for form in (html.escape(word), html.escape(word, quote=False), word))
        return self._compiled(tuple(dict.fromkeys(escaped)))

    def _compiled(self, words: tuple[str, ...]) -> re.Pattern[str]:
        any_of = "|".join(r"[\s>|]+".join(map(re.escape, word.split())) for word in words)
        if self.whole_words:
            return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE)
        return re.compile(any_of)
