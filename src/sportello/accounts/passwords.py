"""Words that anybody would guess first in a password here: they may stand in one, but count for nothing (ASVS 6.2.11)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

WORDS = ("sportello", "assistenza", "support", "helpdesk", "hosting", "password")
SHORTEST_WORD = 4
_AS_READ = str.maketrans("013457@$", "oieastas")  # "Sp0rte11o" is read as the word it stands for


class OwnWordsValidator:
    def __init__(self, min_length: int) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        rest = password.casefold().translate(_AS_READ)
        for word in own_words(getattr(user, "email", "")):
            rest = rest.replace(word.translate(_AS_READ), "")
        if len(rest) < min(self.min_length, len(password)):
            raise ValidationError(self.get_help_text(), code="own_words")

    def get_help_text(self) -> str:
        return gettext(
            "Without our name, the address of these pages and words of our trade the password must still have %(count)s characters."
        ) % {"count": self.min_length}


def own_words(email: str) -> list[str]:
    """The longest first: those above, and what the provider, its addresses and the person's domain are called."""
    named = [
        settings.PROVIDER_NAME,
        urlsplit(settings.PUBLIC_URL).hostname,
        settings.DKIM_DOMAIN,
        email.partition("@")[2],
    ]
    parts = re.split(r"[\W_]+", " ".join(filter(None, named)).casefold())
    return sorted({*WORDS, *(part for part in parts if len(part) >= SHORTEST_WORD)}, key=len, reverse=True)
