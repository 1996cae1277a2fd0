"""Writing mail headers: whatever a value holds, what comes out is one header of one mail. Pure; reading is `parsing/`.

The standard library's modern policy re-encodes long Message-IDs as RFC 2047 words, so the header block is written here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from email.header import Header
from urllib.parse import quote

from sportello.core.addresses import BadAddressError, ascii_domain

WIDTH = 76  # of a line with encoded words no more (RFC 2047, 2)
NAME_COLUMN = 12
FOLD = "\r\n "
UTF8 = "utf-8''"  # how a value in pieces begins (RFC 2231, 4)
KEPT_REFERENCES = 20
_BREAKS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_DOT_ATOM = re.compile(r"[^\s\x00-\x1f\x7f\"(),:;<>@\[\\\].]+(?:\.[^\s\x00-\x1f\x7f\"(),:;<>@\[\\\].]+)*")
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f\r\n]|\\[\x20-\x7e])*"')
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._()+-]{1,50}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


def clean(value: str, limit: int) -> str:
    """One line of at most `limit` characters: every kind of line break, control and direction mark becomes a space or nothing."""
    value = _SURROGATE.sub("\ufffd", value[: limit * 4])
    return _BREAKS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", value))).strip()[:limit].rstrip()


def address(value: str) -> str:
    """`local@domain` as SMTP takes it: the domain in ASCII, the local part as it is. Raises BadAddressError."""
    local, at, domain = value.strip().rpartition("@")
    if not at or len(local.encode("utf-8", "replace")) > 64 or _SURROGATE.search(local):
        raise BadAddressError(value)
    if not (_DOT_ATOM.fullmatch(local) or _QUOTED.fullmatch(local)) or _BREAKS.search(
        local.strip('"').replace(" ", "")
    ):
        raise BadAddressError(value)
    return f"{local}@{ascii_domain(domain)}"


def mailbox(name: str, addr: str) -> str:
    """`Name <addr>`, ready for From and To; the name quoted or encoded as it needs, the address below it where the line has no room."""
    name = clean(name, 120)
    if not name:
        return addr
    phrase = _phrase(name)
    begun = len(phrase.rpartition("\r\n")[2]) + (0 if "\r\n" in phrase else NAME_COLUMN)
    return f"{phrase}{' ' if begun + len(addr) + 3 <= WIDTH else FOLD}<{addr}>"


def _phrase(name: str) -> str:
    if not name.isascii() or "=?" in name:
        return _encoded(name, column=NAME_COLUMN)
    if _ATOMS.fullmatch(name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def text(name: str, value: str) -> str:
    """An unstructured header, such as Subject."""
    value = clean(value, 500)
    if not value.isascii() or "=?" in value:
        return f"{name}: {_encoded(value, column=len(name) + 2)}"
    return line(name, value.split(" "))


def line(name: str, tokens: Iterable[str]) -> str:
    """A header of tokens that are ASCII already, folded between them."""
    folded, width = f"{name}:", len(name) + 1
    for token in tokens:
        first_width = len(token.split("\r\n", 1)[0])
        if width + 1 + first_width > WIDTH and width > len(name) + 1:
            folded, width = f"{folded}\r\n", 0
        folded, width = f"{folded} {token}", width + 1 + first_width
    return folded


def _encoded(value: str, column: int) -> str:
    """RFC 2047 words, never split inside a character; continuation lines begin with a space."""
    return Header(value, "utf-8", maxlinelen=WIDTH, header_name="x" * (column - 2)).encode(linesep="\r\n")


def disposition(name: str) -> str:
    """Content-Disposition of an attached file: a plain name as it is, any other in the pieces of RFC 2231."""
    name = clean(name, 200) or "file"
    if _PLAIN_NAME.fullmatch(name):
        return f'Content-Disposition: attachment; filename="{name}"'
    encoded = [quote(char, safe="") for char in name]
    pieces = [f"{'' if start else UTF8}{''.join(encoded[start : start + 5])}" for start in range(0, len(encoded), 5)]
    parameters = [f"filename*{number}*={piece}" for number, piece in enumerate(pieces)]
    return line("Content-Disposition", ["attachment;", *(f"{one};" for one in parameters[:-1]), parameters[-1]])


def message_ids(values: Iterable[str]) -> list[str]:
    """Only what is a message id: the rest is left out, since it comes from foreign mails."""
    return [value for value in values if _MESSAGE_ID.fullmatch(value)]


def references(chain: Iterable[str]) -> list[str]:
    """The first id of the conversation and the last twenty, each once: enough for every mail program to join it."""
    ids = list(dict.fromkeys(message_ids(chain)))
    return ids if len(ids) <= KEPT_REFERENCES + 1 else [ids[0], *ids[-KEPT_REFERENCES:]]
