"""One mail, from bytes to values: every reader of this package called once, none allowed to stop the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import TypeVar

from sportello.mail.parsing import (
    addresses,
    attachments,
    authentication,
    automatic,
    bodies,
    bounce,
    bounce_text,
    calendar,
    charset,
    dates,
    forward,
    html,
    html_lines,
    language,
    lines,
    pec,
    reply,
    tnef,
)
from sportello.mail.parsing.headers import Headers
from sportello.mail.parsing.limits import DEFAULT, Limits
from sportello.mail.parsing.model import Attachment, Authentication, Bounce, Invitation, ParsedMail, Pec
from sportello.mail.parsing.structure import Part, Walk, leaves, read_tree

_T = TypeVar("_T")
_RECIPIENT_HEADERS = (
    "to", "cc", "delivered-to", "x-delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "x-rcpt-to", "apparently-to",
    "resent-to", "resent-cc",
)  # fmt: skip


def parse(raw: bytes, *, limits: Limits = DEFAULT, trusted_authserv: str = "") -> ParsedMail:
    """What `raw` says, within `limits`. Never raises: what cannot be read is named in `problems`.

    `trusted_authserv` is the name our own mail server gives in Authentication-Results; without it nothing counts as authenticated.
    """
    walk = Walk(limits)
    try:
        return _parse(raw, walk, trusted_authserv, envelopes=limits.envelopes)
    except Exception as error:  # noqa: BLE001 - a mail nobody foresaw must still become a ticket
        walk.note(f"unreadable:{type(error).__name__}")
        digest = hashlib.sha256(raw).hexdigest()
        return ParsedMail(
            sha256=digest,
            size=len(raw),
            message_id=_made_id(digest, ""),
            message_id_made=True,
            problems=tuple(walk.problems),
        )


def _parse(raw: bytes, walk: Walk, trusted_authserv: str, *, envelopes: int) -> ParsedMail:
    root = read_tree(_bounded(raw, walk), walk)
    mail = _with_headers(ParsedMail(sha256=hashlib.sha256(raw).hexdigest(), size=len(raw)), root)
    mail = replace(
        mail,
        authentication=_attempt(
            walk, "authentication", lambda: authentication.read(root.headers, trusted_authserv), Authentication()
        ),
    )
    certified = pec.read(root.headers, envelope_from=mail.from_addr, message_id=mail.message_id)
    if certified and not certified.is_receipt and envelopes and (enclosed := pec.enclosed_mail(root)):
        return _opened(mail, certified, _parse(enclosed, walk, "", envelopes=envelopes - 1))
    mail = _with_body(replace(mail, pec=certified), root, walk)
    mail = _with_reports(mail, raw, root, walk)
    return replace(mail, problems=tuple(walk.problems))


def _attempt(walk: Walk, code: str, read: Callable[[], _T], otherwise: _T) -> _T:
    """One reader's answer; whatever it trips over is noted and costs only that answer."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - see above
        walk.note(f"unreadable:{code}")
        return otherwise


def _bounded(raw: bytes, walk: Walk) -> bytes:
    if len(raw) > walk.limits.total_bytes:
        walk.note("bytes-cut")
        raw = raw[: walk.limits.total_bytes]
    if b"\r" in raw and raw.find(b"\n", 0, 100_000) < 0:
        walk.note("cr-only")
        raw = raw.replace(b"\r", b"\n")
    if b"\r\r\n" in raw[:4096]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    return raw.removeprefix(b"\xef\xbb\xbf")


# --- headers --------------------------------------------------------------------------------------------------------------------


def _with_headers(mail: ParsedMail, root: Part) -> ParsedMail:
    headers = replace(root.headers, charset_hint=root.charset)
    limits = headers.limits
    author = _author(headers)
    reply_to = _addresses(headers, "reply-to")
    return_path = _return_path(headers)
    message_id = next(iter(headers.ids("message-id")), "")
    # A mailing list that writes its own address into From (for DMARC) names the author here.
    original, sender = _addresses(headers, "x-original-sender", "x-original-from"), _addresses(headers, "sender")
    return replace(
        mail,
        from_addr=author.addr,
        from_name=author.name,
        sender_addr=next(
            (a for a in (*reply_to, *original, author.addr, *sender, return_path or "") if "@" in a), author.addr
        ),
        reply_to=reply_to,
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        recipients=_addresses(headers, *_RECIPIENT_HEADERS),
        return_path=return_path,
        subject=headers.phrase("subject", limits.subject_chars),
        message_id=message_id or _made_id(mail.sha256, author.addr),
        message_id_made=not message_id,
        in_reply_to=headers.ids("in-reply-to"),
        references=headers.ids("references"),
        date=dates.read(headers.get("date")),
        loop=tuple(charset.one_line(value, 200) for value in headers.all("x-sportello-loop")[:10]),
    )


def _author(headers: Headers) -> addresses.Address:
    """The first usable From; several From headers or addresses are a known trick, and only one can be answered."""
    found = [a for value in headers.all("from")[:20] for a in addresses.read(value, headers.limits)]
    usable = next((a for a in found if "@" in a.addr), None)
    return usable or (replace(found[0]) if found else addresses.Address("", ""))


def _addresses(headers: Headers, *names: str) -> tuple[str, ...]:
    limit = headers.limits.addresses
    out: dict[str, str] = {}
    for name in names:
        for value in headers.all(name)[:20]:
            for address in addresses.read(value, headers.limits):
                if "@" in address.addr and len(out) < limit:
                    out.setdefault(address.addr.lower(), address.addr)
    return tuple(out.values())


def _return_path(headers: Headers) -> str | None:
    """Empty for the null sender, None when the delivering server noted none."""
    value = headers.get("return-path").strip() if headers.has("return-path") else None
    if value is None:
        return None
    found = addresses.read(value, headers.limits)
    return found[0].addr if found else ""


def _made_id(digest: str, from_addr: str) -> str:
    domain = from_addr.rpartition("@")[2].lower()
    return f"{digest[:40]}@{domain if domain.isascii() and domain else 'sportello.invalid'}"


# --- body -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    text: str
    html_text: str
    html: str
    answer: reply.Reply
    lines: list[lines.Line]


def _with_body(mail: ParsedMail, root: Part, walk: Walk) -> ParsedMail:
    letter = bodies.sort_out(root, walk)
    files, winmail = _files(letter, walk)
    if winmail and not letter.blocks:
        letter.blocks.append(bodies.Block(winmail.text or None, winmail.html or None))
    read = _read_letter(letter, walk)
    types = {part.content_type for part in leaves(root)} | {root.content_type}
    return replace(
        mail,
        text=read.text or read.html_text,
        html_text=read.html_text,
        html=read.html,
        sanitiser_version=html.SANITISER_VERSION if read.html else 0,
        reply_text=read.answer.new,
        unquoted_text=read.answer.unquoted,
        language=language.guess(
            read.answer.unquoted or read.text or read.html_text,
            root.headers.any_of("content-language", "accept-language"),
        ),
        attachments=files,
        calendar=_invitation(letter, walk),
        forward_from=_attempt(walk, "forward", lambda: forward.sender(read.lines, mail.subject), ""),
        is_encrypted=_is_encrypted(root, types),
        is_smime_signed=_is_smime_signed(root, types),
        is_pgp_signed="application/pgp-signature" in types or "-----BEGIN PGP SIGNED MESSAGE-----" in read.text[:2000],
    )


def _read_letter(letter: bodies.Letter, walk: Walk) -> _Read:
    source = "\n".join(block.html or _as_html(block.plain) for block in letter.blocks) if letter.has_html else ""
    nothing: tuple[list[lines.Line], str] = ([], "")
    html_lines, cleaned = _attempt(walk, "html", lambda: _read_html(source, walk), nothing)
    plain = _plain(letter, walk)
    plain_lines = lines.of_text(plain[: walk.limits.text_chars]) if plain.strip() else []
    answer = reply.read(plain_lines or html_lines)
    if html_lines and plain_lines and not answer.found and (by_html := reply.read(html_lines)).found:
        answer = by_html
    return _Read(lines.joined(plain_lines), lines.joined(html_lines), cleaned, answer, plain_lines or html_lines)


def _read_html(source: str, walk: Walk) -> tuple[list[lines.Line], str]:
    if not source.strip():
        return [], ""
    try:
        html.check(source, walk.limits)
    except html.TooComplexError:
        walk.note("html-too-complex")
        return lines.of_text(html.rough_text(source, walk.limits)), ""
    if html.has_remote_content(source):
        walk.note("remote-content")
    tree = html.tree(source)
    return ([] if tree is None else html_lines.of_html(tree)), charset.storable(html.sanitise(source))


def _plain(letter: bodies.Letter, walk: Walk) -> str:
    """All blocks in plain text; one that has only HTML in between is turned into text."""
    pieces = []
    if not any(block.plain and block.plain.strip() for block in letter.blocks):
        return ""
    for block in letter.blocks:
        if block.plain is not None:
            pieces.append(block.plain.strip("\n"))
        elif block.html:
            pieces.append(lines.joined(_read_html(block.html, walk)[0]))
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _as_html(plain: str | None) -> str:
    return f"<pre>{escape(plain.strip())}</pre>" if plain and plain.strip() else ""


def _files(letter: bodies.Letter, walk: Walk) -> tuple[tuple[Attachment, ...], tnef.Winmail | None]:
    out: list[Attachment] = []
    winmail: tnef.Winmail | None = None
    for number, part in enumerate(letter.enclosed, 1):
        if len(out) >= walk.limits.attachments:
            walk.note("attachments-cut")
            break
        file = attachments.of_part(part, walk, number)
        opened = _attempt(walk, "tnef", partial(tnef.read, file, walk.limits), None) if tnef.is_one(file) else None
        if opened:
            winmail = opened
            out.extend(opened.files)
        else:
            out.append(file)
    out.extend(attachments.pasted(name, content, walk.limits) for name, content in letter.pasted)
    return tuple(out[: walk.limits.attachments]), winmail


def _invitation(letter: bodies.Letter, walk: Walk) -> Invitation | None:
    part = next(
        (
            p
            for p in letter.enclosed
            if p.content_type in ("text/calendar", "application/ics") or p.filename.lower().endswith(".ics")
        ),
        None,
    )
    if part is None:
        return None
    return _attempt(
        walk,
        "calendar",
        lambda: calendar.read(part.content()[0], part.charset or "utf-8", part.params.get("method", "")),
        None,
    )


def _is_encrypted(root: Part, types: set[str]) -> bool:
    smime = any(
        part.content_type.endswith("pkcs7-mime") and part.params.get("smime-type", "").lower() != "signed-data"
        for part in leaves(root)
    )
    return smime or root.content_type == "multipart/encrypted" or "application/pgp-encrypted" in types


def _is_smime_signed(root: Part, types: set[str]) -> bool:
    opaque = any(
        part.content_type.endswith("pkcs7-mime") and part.params.get("smime-type", "").lower() == "signed-data"
        for part in leaves(root)
    )
    return opaque or any(content_type.endswith("pkcs7-signature") for content_type in types)


# --- what kind of mail ----------------------------------------------------------------------------------------------------------


def _with_reports(mail: ParsedMail, raw: bytes, root: Part, walk: Walk) -> ParsedMail:
    headers = root.headers
    signs = automatic.read(headers, from_addr=mail.from_addr, subject=mail.subject, return_path=mail.return_path)
    reports = _attempt(walk, "report", lambda: bounce.read(root, walk.limits), bounce.Reports())
    returned = reports.bounce
    if mail.pec is not None:
        returned = _attempt(walk, "pec", partial(pec.not_delivered, mail.pec, root), None)
    elif returned is None and not (reports.is_complaint or reports.is_read_receipt or reports.is_delivery_receipt):
        returned = _attempt(walk, "bounce", lambda: _text_bounce(mail, raw, headers, reports.about, walk), None)
    certified = mail.pec is not None and mail.pec.is_receipt
    found = bool(
        returned or certified or reports.is_complaint or reports.is_read_receipt or reports.is_delivery_receipt
    )
    reasons = (*signs.automatic.reasons, *(["report"] if found else []))
    return replace(
        mail,
        automatic=replace(
            signs.automatic,
            no_answer=signs.automatic.no_answer or found,
            machine=signs.automatic.machine or found,
            reasons=reasons,
        ),
        is_autoreply=signs.is_autoreply,
        is_list=signs.is_list,
        list_id=signs.list_id,
        is_spam=signs.is_spam,
        bounce=returned,
        is_delivery_receipt=reports.is_delivery_receipt,
        is_read_receipt=reports.is_read_receipt,
        is_complaint=reports.is_complaint,
        receipt_of=reports.about if found else (),
    )


def _text_bounce(mail: ParsedMail, raw: bytes, headers: Headers, about: tuple[str, ...], walk: Walk) -> Bounce | None:
    if not bounce_text.from_system(
        headers, from_addr=mail.from_addr, from_name=mail.from_name, return_path=mail.return_path, subject=mail.subject
    ):
        return None
    return bounce_text.read(raw, headers, mail.text, mail.subject, about, walk)


def _opened(outer: ParsedMail, certified: Pec, inner: ParsedMail) -> ParsedMail:
    """The mail of a PEC envelope, with what only the envelope knows: how it travelled, and what our server found out about it."""
    return replace(
        inner,
        sha256=outer.sha256,
        size=outer.size,
        recipients=tuple(dict.fromkeys((*inner.recipients, *outer.recipients)))[:300],
        return_path=outer.return_path,
        date=inner.date or outer.date,
        loop=outer.loop,
        authentication=outer.authentication,
        pec=replace(certified, inner=True),
    )
