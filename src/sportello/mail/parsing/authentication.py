"""Authentication-Results (RFC 8601), and of those only what our own mail server wrote.

Everybody can put such a header into a mail. Only the topmost one that bears our server's name counts; that server must be set up to remove
others with its name on arrival.
"""

from __future__ import annotations

import re

from sportello.mail.parsing.headers import Headers
from sportello.mail.parsing.model import Authentication, Check

_LONGEST = 20_000
_RESULT = re.compile(r"^\s*([a-z][a-z0-9-]{0,20})\s*(?:/\s*\d+\s*)?=\s*([a-z]{1,20})", re.IGNORECASE)
_PROPERTY = re.compile(r"(?<!\S)([a-z]{1,20})\.([a-z0-9_-]{1,30})\s*=\s*([^\s;]+)", re.IGNORECASE)
_DOMAINS = {
    "spf": ("smtp.mailfrom", "smtp.helo", "smtp.mail"),
    "dkim": ("header.d", "header.i"),
    "dmarc": ("header.from",),
}
_MAX_RESULTS = 50


def read(headers: Headers, trusted_authserv: str) -> Authentication:
    return _found(_topmost(headers, trusted_authserv))


def topmost(headers: Headers) -> Authentication:
    """What the last server that wrote such a header found, whoever it is: good enough for a doubt, never for a proof."""
    return _found(next(iter(headers.all("authentication-results")), ""))


def _found(value: str) -> Authentication:
    checks: dict[str, list[Check]] = {"spf": [], "dkim": [], "dmarc": []}
    for method, check in _checks(value):
        if method in checks:
            checks[method].append(check)
    return Authentication(
        spf=next(iter(checks["spf"]), None),
        dkim=tuple(checks["dkim"]),
        dmarc=next((check for check in checks["dmarc"] if check.result != "pass"), next(iter(checks["dmarc"]), None)),
    )


def servers(headers: Headers) -> list[str]:
    """The names of all servers that wrote such a header, topmost first."""
    return [_server(value) for value in headers.all("authentication-results")]


def _topmost(headers: Headers, trusted_authserv: str) -> str:
    wanted = trusted_authserv.strip().lower().rstrip(".")
    if not wanted:
        return ""
    return next((value for value in headers.all("authentication-results") if _server(value) == wanted), "")


def _server(value: str) -> str:
    """The name before the first semicolon; a version number may follow it. Microsoft's form has none."""
    first = _bare(value).partition(";")[0].split()
    return first[0].lower().rstrip(".") if first and "=" not in first[0] else ""


def _checks(value: str) -> list[tuple[str, Check]]:
    out: list[tuple[str, Check]] = []
    for clause in _bare(value).split(";")[1 : _MAX_RESULTS + 1]:
        match = _RESULT.match(clause)
        if match:
            method = match.group(1).lower()
            out.append((method, Check(match.group(2).lower(), _domain(method, clause))))
    return out


def _bare(value: str) -> str:
    """Without comments, and with nothing in a quoted string that could part results or addresses: a sender chooses what stands in both.

    A local part such as `"x; dmarc=pass header.from=victim.example"@evil.example` is one word. It is one within a comment, too, where servers write
    whom they asked about, and a bracket in it closes nothing. What is never closed hides the rest; but in a comment a lone quote is only a letter.
    """
    last_quote = value[:_LONGEST].rfind('"')
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for place, char in enumerate(value[:_LONGEST]):
        if escaped or (char == "\\" and (quoted or depth)):
            escaped = not escaped
            continue
        if char == '"' and (quoted or not depth or place < last_quote):
            quoted = not quoted
        elif quoted and not depth:
            out.append(char if char.isalnum() or char in "._-" else "_")
        elif quoted:
            continue
        elif char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
            out.append(" ")
        elif not depth:
            out.append(char)
    return "".join(out)


def _domain(method: str, clause: str) -> str:
    properties = {f"{m.group(1)}.{m.group(2)}".lower(): m.group(3) for m in _PROPERTY.finditer(clause)}
    value = next((properties[name] for name in _DOMAINS.get(method, ()) if name in properties), "")
    return value.rpartition("@")[2].strip("<>").lower().rstrip(".")[:255]
