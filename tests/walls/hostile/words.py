"""Hostile values for one line or one field, by what they are after."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tests.walls.hostile.pages import MARK

RUN = f"alert('{MARK}')"
EVIL = f"//{MARK}.invalid"

SCRIPTS = (
    f"\"'><x-{MARK}>",
    f"<script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</style><img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"'><svg/onload={RUN}>",
    f'" autofocus onfocus="{RUN}" {MARK}="',
    f"' autofocus onfocus='{RUN}' {MARK}='",
    f"` onfocus=`{RUN}` {MARK}=`",
    f'" hx-get="{EVIL}" hx-trigger="load" {MARK}="',
    f'" data-hx-on:load="{RUN}" {MARK}="',
    f"javascript:{RUN}//",
    f"  java\tscript:{RUN}//",
    f"data:text/html,<script>{RUN}</script>",
    f'http://{MARK}.invalid/" onmouseover="{RUN}',
    f"https://{MARK}.invalid/'onmouseover='{RUN}",
    f"https://{MARK}.invalid/<img/src=x/onerror={RUN}>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"%253Cscript%253E{RUN}",
    f"＜script＞{RUN}＜/script＞",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    f"<scr\x00ipt>{RUN}</script>",
    f"<img src=x:x onerror\x0b={RUN}>",
    f"<iframe srcdoc='<script>{RUN}</script>'>",
    f"<base href={EVIL}/>",
    f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    f"<form action={EVIL}><button>{MARK}",
    f"<{MARK} contenteditable onbeforeinput={RUN}>",
    f"<template shadowrootmode=open><script>{RUN}</script></template>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
)

TEMPLATES = (
    "{{7*7}}", "{{ 7|add:7 }}", "{% debug %}", "{% load log %}", "{% include '/etc/passwd' %}", "{{ settings.SECRET_KEY }}",
    "{{ request.user.password }}", "{{ block.super }}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{7*7}", "%(secret)s", "%s%s%s%n", "{0.__class__}",
    "{ticket.__class__.__mro__}", "{self.__init__.__globals__}", "$(id)", "`id`", "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{% csrf_token %}", "{# a #}{{ a }}", "[[${7*7}]]", "@(7*7)",
)  # fmt: skip

QUERIES = (
    "'", "''", "'--", "' OR '1'='1", "1 OR 1=1", "1; SELECT pg_sleep(60)--", "'; DROP TABLE tickets_ticket;--", "' UNION SELECT NULL--",
    "1) OR (1=1", "') OR ('1'='1", "\\'", "\\", "%", "_", "%%", "*", "?", "$1", "$$", "%s", "%(a)s", "0x31", "1e1", "E'\\x41'", "pg_sleep(60)",
    "||pg_sleep(60)", "' AND (SELECT 1 FROM pg_sleep(60))--", "'||(SELECT current_user)||'", "'&|!:*(", "a & b", "a | b", "!a", "a:*", "a <-> b",
    "a <2> b", "((((", "))))", "a:A", "a:ABCD*", "'a' & !'b", '"a b" -c', "or or or", "- - -", "a OR", ":*", "&&&", "!!!", "<->", "a\\:b", "a:",
    "id; --", "-id", "created_at'", "id,(SELECT 1)", "__class__", "pk__in", "customer__name__regex", "[]", "{}", '{"$ne": null}', '["a"]',
    "null", "true", "NaN", "Infinity", "-0", "1/0",
)  # fmt: skip

BREAKS = (
    "a\r\nBcc: x@zq9.invalid", "a\nBcc: x@zq9.invalid", "a\rBcc: x@zq9.invalid", "a%0d%0aBcc: x@zq9.invalid", "a\u2028Bcc: x@zq9.invalid",
    "a\u2029Bcc: x@zq9.invalid", "a\x85Bcc: x@zq9.invalid", "a\x0bBcc: x@zq9.invalid", "a\x0cBcc: x@zq9.invalid",
    "=?utf-8?q?a=0D=0ABcc:_x@zq9.invalid?=", "=?utf-8?b?YQ0KQmNjOiB4QHpxOS5pbnZhbGlk?=", "a\r\n\r\n<b>body</b>", "a\r\n.\r\nMAIL FROM:<x@zq9.invalid>",
    "a, x@zq9.invalid", "a; x@zq9.invalid", "a> , <x@zq9.invalid", '"a" <x@zq9.invalid>', "a\\\" <x@zq9.invalid>", "a <x@zq9.invalid>, b",
    "(a) x@zq9.invalid (b)", "a:x@zq9.invalid;", "嘊嘍Bcc: x@zq9.invalid", "a\x00\r\nBcc: x@zq9.invalid", "a\r\n Bcc: x@zq9.invalid",
    "a\r\n\tBcc: x@zq9.invalid", "a\u2029\r\nContent-Type: text/html", "a\r\nSet-Cookie: zq9=1", "a\r\nLocation: //zq9.invalid",
)  # fmt: skip

EXTREMES = (
    "", " ", "\x00", "a\x00b", "\ufeff", "\u200b", "a\u200db", "\u202eabc", "\u2066abc", "\u0301" * 50, "👩‍👩‍👧‍👦" * 20, "ﷺ" * 20, "\U0010ffff", "\ufffe",
    "0", "-1", "1" + "0" * 30, "-" + "9" * 40, "9223372036854775808", "2147483648", "1e309", "1.0", "٣", "²", "Ⅷ", "0x10", "1_000", " 1 ", "+1",
    "0000-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "2026-02-30", "2026-13-01T99:99", "0001-01-01", "99:99-99:99", "00:00-24:00",
    "a" * 10_000, "é" * 10_000, "\n" * 5_000, "a " * 5_000, "../../../../etc/passwd", "..\\..\\windows", "/etc/passwd", "C:\\x", "~root", "con",
    "file:///etc/passwd", "http://127.0.0.1:5432/", "http://[::1]/", "gopher://127.0.0.1/", "@", "a@", "@a", "a@b", "a@b@c.it", "a" * 70 + "@b.it",
    "a@" + "b" * 300 + ".it", "a@[127.0.0.1]", '"a b"@c.it', "ü@ü.it", "xn--a", "a@xn--a.it", "a@-b.it", "a@b..it", "a@b.it.", "Europe/Rome\x00",
    "../Europe/Rome", "Europe/../Rome", "/usr/share/zoneinfo/Europe/Rome", "zz", "IT'", "00000000-0000-0000-0000-000000000000", "urn:uuid:0",
    "W10", "WzEsMV0", "bnVsbA", "e30", "WyIyMDI2LTAxLTAxIiwxXQ", "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjU5IiwxXQ",
    "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjU5IiwxXQ", "WzFlMzA5LDFd", "WzEsMWUzMF0", "A" * 4000,
)  # fmt: skip

CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "scripts": SCRIPTS,
        "templates": TEMPLATES,
        "queries": QUERIES,
        "breaks": BREAKS,
        "extremes": EXTREMES,
    }
)
EVERY = tuple(value for values in CLASSES.values() for value in values)
