"""One mail, from bytes to values: every reader of this package called once, none allowed to stop the others."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import partial

from sportello.mail.parsing import (
    addresses,
    authentication,
    automatic,
    bounce,
    bounce_text,
    charset,
    content,
    dates,
    forward,
    html,
    language,
    pec,
    reply,
)
from sportello.mail.parsing.headers import Headers
from sportello.mail.parsing.limits import DEFAULT, Limits
from sportello.mail.parsing.model import Authentication, Automatic, Bounce, ParsedMail, Pec
from sportello.mail.parsing.structure import Part, Walk, leaves, read_tree

_RECIPIENT_HEADERS = (
    "to", "cc", "delivered-to", "x-delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "x-rcpt-to", "apparently-to",
    "resent-to", "resent-cc",
)  # fmt: skip
_BLANK_LINE = re.compile(rb"\r\r|\n\r?\n")


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
    mail = _with_headers(ParsedMail(sha256=hashlib.sha256(raw).hexdigest(), size=len(raw)), root, walk)
    found = walk.attempt(
        "authentication", partial(authentication.read, root.headers, trusted_authserv), Authentication()
    )
    mail = replace(mail, authentication=found)
    certified = pec.read(root.headers, envelope_from=mail.from_addr, message_id=mail.message_id)
    if certified and not certified.is_receipt and envelopes and (enclosed := pec.enclosed_mail(root)):
        return _opened(mail, certified, _parse(enclosed, walk, "", envelopes=envelopes - 1))
    mail = _with_content(replace(mail, pec=certified), root, walk)
    mail = _with_reports(mail, raw, root, walk)
    return replace(mail, problems=tuple(walk.problems))


def _bounded(raw: bytes, walk: Walk) -> bytes:
    if len(raw) > walk.limits.total_bytes:
        walk.note("bytes-cut")
        raw = raw[: walk.limits.total_bytes]
    if b"\r\r\n" in raw[:4096]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    if _has_only_cr(raw[:100_000]):
        walk.note("cr-only")
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _has_only_cr(begun: bytes) -> bool:
    """As its sender wrote it: every server on the way ends its own lines above, and the last one, with CR and LF."""
    first = _BLANK_LINE.search(begun)
    return b"\n" not in begun and b"\r" in begun if first is None else first.group() == b"\r\r"


# --- headers --------------------------------------------------------------------------------------------------------


def _with_headers(mail: ParsedMail, root: Part, walk: Walk) -> ParsedMail:
    headers = replace(root.headers, charset_hint=root.charset)
    author = _author(headers, walk)
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
        subject=headers.phrase("subject", walk.limits.subject_chars),
        message_id=message_id or _made_id(mail.sha256, author.addr),
        message_id_made=not message_id,
        in_reply_to=headers.ids("in-reply-to"),
        references=headers.ids("references"),
        date=dates.read(headers.get("date")),
        loop=tuple(charset.one_line(value, 200) for value in headers.all("x-sportello-loop")[:10]),
    )


def _author(headers: Headers, walk: Walk) -> addresses.Address:
    """The first usable From. Several are a known trick (RFC 7489, 6.6.1): one is answered, and the others are noted."""
    found = [a for value in headers.all("from")[:20] for a in addresses.read(value, headers.limits)]
    if len({a.addr.lower() for a in found}) > 1:
        walk.note("several-from")
    return next((a for a in found if "@" in a.addr), found[0] if found else addresses.Address("", ""))


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


# --- body -----------------------------------------------------------------------------------------------------------


def _with_content(mail: ParsedMail, root: Part, walk: Walk) -> ParsedMail:
    found = content.read(root, walk, _parties(mail))
    declared = root.headers.any_of("content-language", "accept-language")
    return replace(
        mail,
        text=found.text,
        html_text=found.html_text,
        html=found.html,
        sanitiser_version=html.SANITISER_VERSION if found.html else 0,
        reply_text=found.answer.new,
        unquoted_text=found.answer.unquoted,
        language=language.guess(found.answer.unquoted or found.text, declared),
        attachments=found.files,
        calendar=found.invitation,
        forward_from=walk.attempt("forward", partial(forward.sender, found.lines, mail.subject), ""),
        is_encrypted=content.is_encrypted(root, found.text),
        is_smime_signed=content.is_smime_signed(root),
        is_pgp_signed=content.is_pgp_signed(root, found.text),
    )


def _parties(mail: ParsedMail) -> reply.Parties:
    everybody = (*mail.recipients, *mail.reply_to, mail.sender_addr, mail.from_addr)
    domains = frozenset(address.rpartition("@")[2].lower() for address in mail.recipients)
    return reply.Parties(frozenset(map(str.lower, everybody)), domains)


# --- what kind of mail ----------------------------------------------------------------------------------------------


def _with_reports(mail: ParsedMail, raw: bytes, root: Part, walk: Walk) -> ParsedMail:
    headers = root.headers
    signs = automatic.read(headers, from_addr=mail.from_addr, subject=mail.subject, return_path=mail.return_path)
    by_system = bounce_text.from_system(
        headers, from_addr=mail.from_addr, from_name=mail.from_name, return_path=mail.return_path, subject=mail.subject
    )
    reports = bounce.Reports()
    if by_system or bounce.is_declared(root):
        reports = walk.attempt("report", lambda: bounce.read(root, walk.limits), reports)
    elif bounce.is_junk_button(root, mail.from_addr, walk.limits):
        about = bounce.enclosed_ids(leaves(root), walk.limits)
        reports = bounce.Reports(is_complaint=True, about=about)
    returned = walk.attempt("bounce", lambda: _bounce(mail, raw, root, reports, walk, by_system=by_system), None)
    is_receipt = mail.pec is not None and mail.pec.is_receipt
    is_report = returned is not None or is_receipt or reports.is_good_news_or_complaint
    return replace(
        mail,
        automatic=_and_report(signs.automatic) if is_report else signs.automatic,
        is_autoreply=signs.is_autoreply,
        is_list=signs.is_list,
        list_id=signs.list_id,
        is_spam=signs.is_spam,
        bounce=returned,
        is_delivery_receipt=reports.is_delivery_receipt,
        is_read_receipt=reports.is_read_receipt,
        is_complaint=reports.is_complaint,
        receipt_of=reports.about if is_report else (),
    )


def _and_report(signs: Automatic) -> Automatic:
    return Automatic(no_answer=True, machine=True, reasons=(*signs.reasons, "report"))


def _bounce(
    mail: ParsedMail, raw: bytes, root: Part, reports: bounce.Reports, walk: Walk, *, by_system: bool
) -> Bounce | None:
    """By the certified-mail provider, by the standard report, or by the words of a mail system."""
    if mail.pec is not None:
        return pec.not_delivered(mail.pec, root)
    if reports.bounce is not None or reports.is_good_news_or_complaint:
        return reports.bounce
    return bounce_text.read(raw, root.headers, mail.text, mail.subject, reports.about, walk) if by_system else None


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
