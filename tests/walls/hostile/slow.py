"""Texts that make a careless pattern look for a very long time: each is the beginning of something that never comes to its end."""

from __future__ import annotations

from collections.abc import Iterator

SIZE = 100 * 1024
_REPEATED = (
    "a", " ", "\t", "\n", "\r\n", "> ", ">", ">>", " >", "> \n", "a ", "a\n", "-", "--", "-- \n", "- \n", "_", "=", "=\n", "*", "**", "#", "##", ".", ",", ";", ":", "::", "@", "a@", "@a", "a@a",
    "a.", ".a", "a-", "-a", "a@a.", "/", "//", "http://", "https://a", "https://a.it/", "http://a(", "www.", "www.a.", "(", ")", "((", "()", "[", "]", "[]", "<", "<>", "</", "<a", "<a ", "<a href=",
    "<a href='", '<a href="', "<!--", "<!-- -", "-->", "<div>", "<div ", "<p><p", "<table><tr><td>", "<b><i>", "<blockquote>", "<font a=b ", "<img src=", '<img src="cid:', '<img src="data:image/png;base64,',
    "url(", "@import ", "<style>", "<script>", "<svg>", "<![CDATA[", "<?", "&", "&#", "&#1", "&amp", "&lt;", "\\", "\\\\", "'", '"', '\\"', "`", "=?", "=?utf-8?q?", "=?utf-8?b?", "=?utf-8?q?a?= ", "?=", "=?a?q?=",
    "=20", "=3D", "%", "%2", "%20", "%%", "+", "0", "1 ", "9", "10:", "12:34 ", "2026-", "2026-01-01 ", "01/01/2026 ", "Il giorno ", "Il giorno lun ", "On Mon, ", "On Mon wrote", "ha scritto", "wrote:\n",
    "Da: ", "From: ", "From: a\n", "Da: a\nInviato: b\n", "-----Original Message-----\n", "Original Message", "Le lun. ", "Am ", " schrieb ", "Sent from my ", "Inviato da ", "Cordiali saluti\n", "Best regards\n",
    "begin 644 a\n", "begin 644 ", "M" * 60 + "\n", "BEGIN:VEVENT\n", "BEGIN:VCALENDAR\n", "SUMMARY:", "DTSTART;TZID=", "Final-Recipient: ", "550 5.1.1 ", "5.1.1 ", "<a@a> ", "a@a, ", '"a" ', '"a" <a@a>, ', "(a", "a(a)",
    "a: b;", "a=b; ", 'a="b" ', 'a="', "name*0=a; ", "name*=utf-8''", "; ", ";;", "\0", "\x0b", "\x85", "\u2028", "\u200b", "\u202e", "\ufeff", "é", "ß", "İ", "ﬃ", "e\u0301", "\u0301", "👩‍", "漢", "ا", "Re: ", "Re:", "R: ", "Fwd: ",
    "[#", "[#1] ", "#1", "#", "ticket ", "a'b ", "a'", "!", "?", "$", "^", "|", "~", "{", "}", "{{", "{%", "${", "%s", "%(a)", "xn--", "a.it ", "a.it.", "1.1.1.1 ", "1.", "::1 ", "T", "+t", "+ta-", "<t.a.", "b.a.c.d@",
)  # fmt: skip
_ENDS = ("", "!", "\n", "x", "\0", ">", "@a.it")


def slow_texts(size: int = SIZE) -> Iterator[tuple[str, str]]:
    """Each pattern repeated to `size`, with each of some ends that it does not expect."""
    for number, piece in enumerate(_REPEATED):
        end = _ENDS[number % len(_ENDS)]
        yield f"{piece!r} and {end!r}", piece * (size // len(piece)) + end
    for opened, closed in [
        ("<", ">"),
        ("(", ")"),
        ("[", "]"),
        ('"', '"'),
        ("<div>", "</div>"),
        ("> ", "\n"),
        ("<b>", "</b>"),
        ("{", "}"),
        ("<!--", "-->"),
        ("=?utf-8?q?", "?="),
    ]:
        count = size // (len(opened) + len(closed))
        yield f"{opened!r} nested", opened * count + closed * count
        yield f"{opened!r} with blanks", (opened + " " * 500 + closed) * (size // (len(opened) + len(closed) + 500))
    yield "a then blanks", "a" + " " * size + "b"
    yield "lines of blanks", (" " * 200 + "\n") * (size // 201)
    yield "words then colon", "parola " * (size // 7) + ":"
    yield "a long line of quotes", "> " * 100 + "a" * size
    yield "digits and dashes", "1-" * (size // 2) + "x"
    yield "one address without end", "https://a.it/" + "(" * size
    yield "one address of dots", "https://a.it/" + "." * size
    yield "one address of brackets", "https://a.it/" + "()" * (size // 2) + ")))"
