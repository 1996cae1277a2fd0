"""What a mail says and encloses: its letter as text, as cleaned HTML and without quotes, its files, its invitation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from sportello.mail.parsing import (
    armour,
    attachments,
    bodies,
    calendar,
    charset,
    html,
    html_images,
    html_lines,
    lines,
    reply,
    tnef,
)
from sportello.mail.parsing.lines import Line
from sportello.mail.parsing.model import Attachment, Invitation
from sportello.mail.parsing.structure import SEALED_NAME, Part, Walk, leaves, read_tree

_SIGNATURE_TYPES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_STUB_CHARS = 300
_PASSED_ON = "---------- Forwarded message ----------"
_PASSED_ON_FIELDS = ("From", "Date", "Subject", "To")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Content:
    text: str
    html_text: str
    html: str
    answer: reply.Reply
    lines: list[Line]
    """Of the text, or of the HTML when there is no text."""
    files: tuple[Attachment, ...]
    invitation: Invitation | None


@dataclass(frozen=True, slots=True)
class _Html:
    cleaned: str
    lines: list[Line]
    images: tuple[Attachment, ...] = ()


def read(root: Part, walk: Walk, parties: reply.Parties) -> Content:
    letter = bodies.sort_out(root, walk)
    files, winmail = _files(letter, walk)
    plain, shown = _read_letter(letter, walk)
    if not lines.joined(plain or shown.lines).strip() and root.content_type != "multipart/report":
        letter.blocks += _within(letter, winmail, walk)
        plain, shown = _read_letter(letter, walk)
    whole = plain or shown.lines
    if plain and _is_contradicted(plain, shown.lines):
        whole = [*plain, Line(""), *shown.lines]
    return Content(
        text=lines.joined(whole),
        html_text=lines.joined(shown.lines),
        html=shown.cleaned,
        answer=_answer(plain, shown.lines, parties),
        lines=whole,
        files=(*files, *shown.images)[: walk.limits.attachments],
        invitation=_invitation(letter, walk),
    )


# --- the letter -----------------------------------------------------------------------------------------------------


def _read_letter(letter: bodies.Letter, walk: Walk) -> tuple[list[Line], _Html]:
    shown = walk.attempt("html", partial(_html, letter, walk), _Html("", []))
    plain: list[Line] = walk.attempt("text", partial(_plain_lines, letter, walk), [])
    return plain, shown


def _within(letter: bodies.Letter, winmail: tnef.Winmail | None, walk: Walk) -> list[bodies.Block]:
    """What a mail without a word of its own is about: the letter in its winmail.dat or its invitation, or the mail that was passed on as a file."""
    if winmail and (winmail.text.strip() or winmail.html.strip()):
        return [bodies.Block(winmail.text or None, winmail.html or None)]
    invitation = next(filter(_is_calendar, letter.enclosed), None)
    if invitation:
        read_it = partial(calendar.letter, invitation.content()[0], invitation.charset or "utf-8")
        return [bodies.Block(plain=walk.attempt("calendar", read_it, ""))]
    passed_on = next((part for part in letter.enclosed if part.content_type in attachments.MAILS), None)
    return [bodies.Block(plain=_passed_on(passed_on, walk))] if passed_on else []


def _passed_on(part: Part, walk: Walk) -> str:
    """As mail programs write it into the text of a mail that passes it on."""
    root = read_tree(part.content()[0], walk)
    plain, shown = _read_letter(bodies.sort_out(root, walk), walk)
    named = ((name, root.headers.phrase(name.lower(), walk.limits.subject_chars)) for name in _PASSED_ON_FIELDS)
    fields = "\n".join(f"{name}: {value}" for name, value in named if value)
    return f"{_PASSED_ON}\n{fields}\n\n{lines.joined(plain or shown.lines)}"


def _html(letter: bodies.Letter, walk: Walk) -> _Html:
    """All blocks as one document."""
    if not letter.has_html:
        return _Html("", [])
    source, images = html_images.take_out(letter.as_html(), walk.limits)
    try:
        html.check(source, walk.limits)
    except html.TooComplexError:
        walk.note("html-too-complex")
        return _Html("", lines.of_text(html.rough_text(source, walk.limits)), tuple(images))
    if html.has_remote_content(source):
        walk.note("remote-content")
    return _Html(charset.storable(html.sanitise(source)), _lines_of(source, walk), tuple(images))


def _lines_of(source: str, walk: Walk) -> list[Line]:
    tree = html.tree(source)
    shown = [] if tree is None else html_lines.of_html(tree)
    if _is_said(lines.joined(shown)):
        return shown
    unseen = charset.storable(html.unseen_text(source, walk.limits))
    if not _is_said(unseen):
        return shown
    walk.note("html-shows-nothing")
    return lines.of_text(unseen)


def _is_said(text: str) -> bool:
    return any(map(str.isalnum, text))


def _plain_lines(letter: bodies.Letter, walk: Walk) -> list[Line]:
    """All blocks in plain text, one that has only HTML turned into it; nothing when none has any."""
    if not any(block.plain and block.plain.strip() for block in letter.blocks):
        return []
    pieces = [_plain_text(block, walk) for block in letter.blocks]
    text = "\n\n".join(piece for piece in pieces if piece.strip())
    if len(text) > walk.limits.text_chars:
        walk.note("text-cut")
    return lines.of_text(text[: walk.limits.text_chars])


def _plain_text(block: bodies.Block, walk: Walk) -> str:
    if block.plain is not None or not block.html:
        return (block.plain or "").strip("\n")
    try:
        html.check(block.html, walk.limits)
    except html.TooComplexError:
        return html.rough_text(block.html, walk.limits)
    return lines.joined(_lines_of(block.html, walk))


def _answer(plain: list[Line], shown: list[Line], parties: reply.Parties) -> reply.Reply:
    """From the text, unless only the HTML tells what is quoted, or the text is a stub such as "Please use another mail program"."""
    answer = reply.read(plain or shown, parties)
    if not plain or not shown or answer.found:
        return answer
    by_html = reply.read(shown, parties)
    return by_html if by_html.found or _is_stub(plain, shown) or _is_contradicted(plain, shown) else answer


def _is_stub(plain: list[Line], shown: list[Line]) -> bool:
    text, shown_text = _letters(plain), _letters(shown)
    return len(text) < min(_STUB_CHARS, len(shown_text)) and text[:60] not in shown_text


def _is_contradicted(plain: list[Line], shown: list[Line]) -> bool:
    """Whether a short text speaks of HTML or uses other words than the HTML: then who reads only it has missed what was written."""
    text = lines.joined(plain)
    if len(text) >= _STUB_CHARS or _letters(plain)[:60] in _letters(shown):
        return False
    said, also = set(_LONG_WORD.findall(text.lower())), set(_LONG_WORD.findall(lines.joined(shown[:2000]).lower()))
    return bool(also) and (2 * len(said - also) > len(said) or "html" in said - also)


def _letters(body: list[Line]) -> str:
    return _NO_LETTERS.sub("", lines.joined(body[:2000]))


# --- what is enclosed -----------------------------------------------------------------------------------------------


def _files(letter: bodies.Letter, walk: Walk) -> tuple[list[Attachment], tnef.Winmail | None]:
    out: list[Attachment] = []
    winmail: tnef.Winmail | None = None
    for number, part in enumerate(letter.enclosed, 1):
        if len(out) >= walk.limits.attachments:
            walk.note("attachments-cut")
            break
        file = attachments.of_part(part, walk, number)
        opened = walk.attempt("tnef", partial(tnef.read, file, walk.limits), None) if tnef.is_one(file) else None
        winmail = opened or winmail
        out.extend(opened.files if opened else ())
        if opened is None or (opened.has_unread_letter and not letter.has_text):
            out.append(file)
    out.extend(attachments.pasted(name, content, walk.limits) for name, content in letter.pasted)
    return out, winmail


def _invitation(letter: bodies.Letter, walk: Walk) -> Invitation | None:
    part = next(filter(_is_calendar, letter.enclosed), None)
    if part is None:
        return None
    method = part.params.get("method", "")
    return walk.attempt("calendar", lambda: calendar.read(part.content()[0], part.charset or "utf-8", method), None)


def _is_calendar(part: Part) -> bool:
    return part.content_type in {"text/calendar", "application/ics"} or part.filename.lower().endswith(".ics")


# --- locks and seals ------------------------------------------------------------------------------------------------


def is_encrypted(root: Part, text: str) -> bool:
    if root.content_type == "multipart/encrypted" or armour.is_encrypted(text):
        return True
    return any(
        part.content_type == "application/pgp-encrypted" or _smime_type(part) == "enveloped-data"
        for part in leaves(root)
    )


def is_smime_signed(root: Part) -> bool:
    return any(part.content_type in _SIGNATURE_TYPES or _smime_type(part) == "signed-data" for part in leaves(root))


def is_pgp_signed(root: Part, text: str) -> bool:
    signed = any(part.content_type == "application/pgp-signature" for part in leaves(root))
    return signed or armour.is_signed(text)


def _smime_type(part: Part) -> str:
    """`signed-data`, or `enveloped-data` which is also what no type means; nothing for a signed document, such as fattura.xml.p7m."""
    if not part.content_type.endswith("pkcs7-mime") or part.filename.lower() not in ("", SEALED_NAME):
        return ""
    return "signed-data" if part.params.get("smime-type", "").lower() == "signed-data" else "enveloped-data"
