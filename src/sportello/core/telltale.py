"""What looks like a password or a key in a text. Pure, and bounded in time by the length of what is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

READ_CHARACTERS = 100_000
SHORTEST, LONGEST = 4, 120
LONG_TOKEN = 32
MOST_TOKENS = 5
"""More of them are an encoded file or a wrapped address, not a handful of secrets."""


class Telltale(StrEnum):
    PASSWORD = "password"  # noqa: S105 - a kind
    PRIVATE_KEY = "private-key"
    ACCESS_KEY = "access-key"
    ADDRESS = "address"
    TOKEN = "token"  # noqa: S105 - a kind


@dataclass(frozen=True, slots=True)
class Found:
    """`text` is the secret itself: never to be stored or logged."""

    kind: Telltale
    text: str
    start: int
    end: int


_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^-]{0,20000}(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?"
)
_ACCESS_KEY = re.compile(
    r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,100}|github_pat_\w{30,100}|glpat-[\w-]{20,60}"
    r"|xox[abprs]-[\w-]{20,120}|[sr]k_live_[A-Za-z0-9]{20,120}|AIza[\w-]{35}|SG\.[\w-]{20,30}\.[\w-]{30,60})(?![\w-])"
)
_WITH_PASSWORD = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@\"'<>]{1,80}:([^\s/@\"'<>]{1,120})@[\w.-]", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"\b(?:https?|ftps?|sftp|mailto|cid)s?:[^\s<>\"]+|\bwww\.[^\s<>\"]+|[\w.+-]{1,80}@[\w.-]{1,80}", re.IGNORECASE
)
_NAMED = re.compile(
    r"\b(?:password|passwd|passphrase|pwd|psw|passw|parola d['’]ordine|parola chiave|(?:api|access|secret)[ _-]?(?:key|token)"
    r"|chiave (?:api|segreta|di accesso)|client[ _-]?secret|contraseña)\b"
    r"(?P<about>(?: (?!è\b|e['’]|is\b|are\b|era\b|was\b)[\w.@'’()-]{1,40}){0,5}?)"
    r"(?P<sign>\s?[:=]+(?:[ \t]{0,5}\n)?[ \t>]{0,5}|[ \t]+(?:è|e['’]|is|era|was|=>|->)[ \t]*[:=]?[ \t]*)"
    r"[\"'“«`*]?(?P<value>[^\s\"“”»`<>]{1,200})",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?<![\w/+=@.%#&?-])[A-Za-z0-9_+/-]{32,120}={0,2}(?![\w/@])")
_PLACEHOLDER = re.compile(r"[*•█.·xX_?#~-]+|\[[^\]]*\]?|<[^>]*>?|\{[^}]*\}?|%\w+%?|\$\w+")
_ORDINARY = frozenset((
    "sbagliata", "errata", "scaduta", "corretta", "giusta", "valida", "nuova", "vecchia", "stata", "quella", "questa", "sempre", "anche",
    "molto", "troppo", "della", "wrong", "incorrect", "correct", "expired", "invalid", "valid", "required", "changed", "reset", "still",
    "being", "your", "empty", "unknown", "null", "none", "true", "false", "string", "undefined", "obbligatoria", "obbligatorio", "richiesta",
    "hidden", "nascosta", "segreta", "riservata", "diversa", "uguale", "same", "different", "sent", "inviata", "inviato", "protected",
    "protetta", "password", "username", "utente", "user", "login", "email", "nessuna", "vedi", "above", "below", "sopra", "sotto", "needed",
    "here", "hash", "come", "cosa", "dove", "quando", "what", "where", "help", "aiuto", "grazie", "thanks",
))  # fmt: skip
"""Of a sentence about a password, in small letters; what is shorter than a password can be is none anyway."""


def findings(text: str) -> list[Found]:
    """What looks like a secret, in the order it stands; nothing twice."""
    read = text[:READ_CHARACTERS]
    found: list[Found] = []
    for one in sorted(_all(read), key=lambda each: (each.start, -each.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    tokens = [one for one in found if one.kind is Telltale.TOKEN]
    return [one for one in found if len(tokens) <= MOST_TOKENS or one.kind is not Telltale.TOKEN]


def kinds(text: str) -> list[str]:
    """The kinds of what was found, each once: what may be written down."""
    return sorted({str(one.kind) for one in findings(text)})


def _all(text: str) -> Iterator[Found]:
    if "PRIVATE KEY" in text:
        yield from (_whole(Telltale.PRIVATE_KEY, one) for one in _PRIVATE_KEY.finditer(text))
    yield from (_whole(Telltale.ACCESS_KEY, one) for one in _ACCESS_KEY.finditer(text))
    if "://" in text:
        for one in _WITH_PASSWORD.finditer(text):
            yield Found(Telltale.ADDRESS, one[1], one.start(1), one.end(1))
    for one in _NAMED.finditer(text):
        value = one["value"].rstrip(".,;:!?)'’*")
        if _is_secret(value, is_said=one["sign"].strip(" \t:=>-") != "") and not _goes_on(
            value, text[one.end() : one.end() + 3]
        ):
            yield Found(Telltale.PASSWORD, value, one.start("value"), one.start("value") + len(value))
    plain = _ADDRESS.sub(lambda one: " " * len(one[0]), text)
    yield from (_whole(Telltale.TOKEN, one) for one in _TOKEN.finditer(plain) if _is_random(one[0]))


def _whole(kind: Telltale, one: re.Match[str]) -> Found:
    return Found(kind, one[0], one.start(), one.end())


def _is_secret(value: str, *, is_said: bool) -> bool:
    """Whether what stands where a password would is one. After "is" it has to look like more than a word of the sentence."""
    if not SHORTEST <= len(value) <= LONGEST or value.lower() in _ORDINARY or _PLACEHOLDER.fullmatch(value):
        return False
    if value.lower().startswith(("http://", "https://", "www.")):
        return False
    if not is_said:
        return not value.endswith(":") and "(" not in value[1:]
    return any(letter.isdigit() for letter in value) or (
        not value.isalpha() and value[0].isalnum() and "'" not in value and "’" not in value
    )


def _goes_on(value: str, after: str) -> bool:
    """Whether a mere word is the first of a sentence: "the password: could you change it"."""
    return value.isalpha() and bool(re.match(r" [^\W\d_]", after))


def _is_random(token: str) -> bool:
    """Mixed as a machine mixes: capitals, small letters and figures through each other; no digest, no path, no words."""
    letters = [letter for letter in token if letter.isalnum()]
    figures = sum(letter.isdigit() for letter in letters)
    capitals = sum(letter.isupper() for letter in letters)
    small = len(letters) - figures - capitals
    if min(figures, capitals, small) < 4 or token.count("/") > 3 or len(set(token)) < LONG_TOKEN // 2:
        return False
    return _changes(token) * 3 >= len(token)


def _changes(token: str) -> int:
    """How often the kind of letter changes: in words seldom, in what is random at every second one."""
    kinds_of = ["d" if letter.isdigit() else "u" if letter.isupper() else "l" for letter in token if letter.isalnum()]
    return sum(one != other for one, other in pairwise(kinds_of))
