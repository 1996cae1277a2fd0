"""Bytes to text, whatever was declared. Never raises, and leaves nothing that PostgreSQL cannot store."""

from __future__ import annotations

import codecs
import re
import unicodedata

# Labels that are wrong, private, or a subset of what is really sent under that name (WHATWG Encoding does the same).
_ALIASES = {
    "ascii": "cp1252", "us-ascii": "cp1252", "ansi": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "l1": "cp1252", "windows-1252": "cp1252", "x-ansi": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "utf8": "utf-8", "utf-8": "utf-8", "utf8mb4": "utf-8",
    "x-utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8", "unicode": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "gb_2312-80": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949",
    "euc-kr": "cp949", "korean": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "ms_kanji": "cp932", "windows-31j": "cp932", "iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext",
    "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8", "logical": "iso8859_8", "visual": "iso8859_8", "big5": "big5hkscs",
    "x-x-big5": "big5hkscs", "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "mac": "mac_roman", "unicode-1-1-utf-7": "utf-7",
    "x-mac-cyrillic": "mac_cyrillic", "koi8": "koi8-r", "ucs-2": "utf-16", "iso-10646-ucs-2": "utf-16", "win-1251": "cp1251", "windows1251": "cp1251",
}  # fmt: skip
# Python has text codecs that are no charsets (punycode, unicode_escape, idna) and one of them is quadratic: only these are used.
_MULTIBYTE = """
    gb18030 hz big5 big5hkscs cp950 cp949 johab euc_kr iso2022_kr cp932 shift_jis_2004 euc_jp euc_jis_2004 iso2022_jp
    iso2022_jp_1 iso2022_jp_2 iso2022_jp_3 iso2022_jp_ext utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be
"""
_EBCDIC = "cp037 cp500 cp1140"
_SINGLE_BYTE = """
    koi8-r koi8-u koi8_t kz1048 ptcp154 tis-620 mac_roman mac_cyrillic mac_greek mac_iceland mac_latin2 mac_turkish cp437 cp720
    cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874 cp1125 cp1250 cp1251 cp1252
    cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10
    iso8859-13 iso8859-14 iso8859-15 iso8859-16
"""


def _codecs(names: str) -> frozenset[str]:
    return frozenset(codecs.lookup(name).name for name in names.split())


# Byte sequences of these may be valid UTF-8 by accident, or are plain ASCII to the eye: what was declared is tried first.
_DECLARED_FIRST = _codecs(_MULTIBYTE + _EBCDIC)
_ALLOWED = _DECLARED_FIRST | _codecs(_SINGLE_BYTE) | {"utf-8"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_ASCII = _codecs("utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be " + _EBCDIC)
_META = re.compile(
    rb"<(?:meta\b[^>]{0,500}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,60})", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:x-)?(?:cp|ibm|ms|win|windows)[-_ ]?(\d{3,5})")
"""A code page in whatever writing."""
_UNSTORABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LINE_BREAK = re.compile("\r+\n?|\x85|\u2028|\u2029")
_SPACES = re.compile(r"\s+")
_INKLESS = frozenset({"Cc", "Cf", "Cn", "Mn", "Me", "Zs", "Zl", "Zp"})
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Fillers of Hangul, and Braille without a dot."""
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def known(label: str) -> str:
    """The codec for a charset label, or nothing when there is none that may be used."""
    label = label.strip().strip("\"'").lower().removeprefix("charset=").partition("*")[0]
    numbered = _NUMBERED.fullmatch(label)
    try:
        name = codecs.lookup(_ALIASES.get(label, f"cp{numbered[1]}" if numbered else label)).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return name if name in _ALLOWED else ""


def decode(data: bytes, declared: str = "") -> tuple[str, bool]:
    """The text, and whether it was read without guessing or losing a character."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return storable(data.decode(codec, "replace").removeprefix("\ufeff")), True
    codec = _in_byte_order(known(declared), data)
    ladder = [codec, "utf-8"] if codec in _DECLARED_FIRST else ["utf-8", codec]
    if b"\x1b$" in data and not codec.startswith("iso2022"):
        ladder.insert(0, "iso2022_jp_ext")
    for step, name in enumerate(ladder):
        text = _strictly(data, name)
        if text is not None:
            return storable(text), step == 0 or name == codec
    return storable(_salvage(data, codec)), False


def decode_raw_header(value: bytes, body_charset: str) -> str:
    """A header's bytes as they stand: UTF-8 where they can be it (RFC 6532), whatever the body is in, else the body's charset."""
    text = _strictly(value, "utf-8")
    return storable(text) if text is not None else decode(value, body_charset)[0]


def named_in_html(data: bytes) -> str:
    """What a `<meta>` or the XML declaration says, unless it cannot be true: it was read as ASCII."""
    found = _META.search(data, 0, 4096)
    label = found.group(1).decode("ascii") if found else ""
    return "" if known(label) in _NOT_ASCII else label


def _in_byte_order(codec: str, data: bytes) -> str:
    """UTF-16 without its mark may come in either order: what has most zeros is the upper half of its letters."""
    if codec != "utf-16":
        return codec
    return "utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le"


def _strictly(data: bytes, codec: str) -> str | None:
    if not codec:
        return None
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _salvage(data: bytes, codec: str) -> str:
    """Best reading of bytes that are not what they claim: a few broken characters, or a Western single-byte text."""
    if codec and codec not in {"utf-8", "cp1252"}:
        text = data.decode(codec, "replace")
        if text.count("\ufffd") * 10 <= len(text):
            return text
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - broken
    return text if whole >= broken else data.decode("cp1252", "replace")


def storable(text: str) -> str:
    """Without what PostgreSQL refuses (NUL, surrogates) or no screen shows (controls); every line break becomes LF."""
    if "\r" in text or not text.isascii():
        text = _LINE_BREAK.sub("\n", text)
    return _UNSTORABLE.sub("", text)


def one_line(text: str, limit: int) -> str:
    """For names and subjects: no line break survives, which could get into a header of ours, and no mark that shows a text backwards.

    What nobody could see or click on is nothing.
    """
    line = _SPACES.sub(" ", _TURNING.sub("", storable(text[: limit * 4]))).strip()[:limit]
    return line if any(map(_has_ink, line)) else ""


def _has_ink(char: str) -> bool:
    return unicodedata.category(char) not in _INKLESS and char not in _BLANK_LETTERS
