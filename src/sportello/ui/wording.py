"""Texts of our own templates in one language, each looked up once. They are few: what people write never comes here."""

from __future__ import annotations

from functools import cache

from django.utils.translation import gettext


class Wording(dict[str, str]):
    """By its English text. To be asked only while its language is the active one."""

    def __missing__(self, text: str) -> str:
        found = self[text] = gettext(text)
        return found


@cache
def wording_in(_language: str | None) -> Wording:
    return Wording()
