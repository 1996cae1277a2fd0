"""Mail that came back, and receipts: the standard reports (RFC 3464 delivery, RFC 8098 read receipts, RFC 5965 complaints)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sportello.mail.parsing.addresses import clean_address
from sportello.mail.parsing.bodies import text_of
from sportello.mail.parsing.charset import one_line
from sportello.mail.parsing.headers import Headers, ids_in, split
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.model import Bounce, FailedRecipient
from sportello.mail.parsing.structure import Part, leaves

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_SMTP_CODE = re.compile(r"(?:^|[^\d.])([45])\d\d[ -]")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(.*)$")
_ENCLOSED_HEADERS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
    "text/rfc822",
)
_JUNK_BUTTON, _ITS_SENDER = "x-hmxmroriginalrecipient", "staff@hotmail.com"
_MOST_ENCLOSED = 20
_REFUSED = "automatic-action/mdn-sent-automatically;deleted"
_READ = {"displayed", "read", ""}
_DELIVERED = {"delivered", "relayed", "expanded"}
_RECIPIENT_FIELDS = ("final-recipient", "original-recipient", "x-actual-recipient")

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reports:
    bounce: Bounce | None = None
    is_delivery_receipt: bool = False
    is_read_receipt: bool = False
    is_complaint: bool = False
    about: tuple[str, ...] = ()
    """Message-IDs of the mail reported on."""

    @property
    def is_good_news_or_complaint(self) -> bool:
        """A report, but of no failure."""
        return self.is_delivery_receipt or self.is_read_receipt or self.is_complaint


def read(root: Part, limits: Limits) -> Reports:
    """What the machine-readable parts say. `bounce` is None when they report no failure."""
    parts = leaves(root)
    about = enclosed_ids(parts, limits)
    if _has(root, parts, "feedback-report"):
        return Reports(is_complaint=True, about=about)
    if _has(root, parts, "disposition-notification"):
        return _disposition(_groups_of(parts, ("message/disposition-notification",), limits), about)
    groups = _groups_of(parts, ("message/delivery-status", "message/global-delivery-status"), limits)
    if not groups:
        return Reports(about=about)
    about = about or _original_ids(groups)
    recipients = [(_action(group), recipient) for group in groups if (recipient := _recipient(group))]
    failed = tuple(recipient for action, recipient in recipients if action not in _DELIVERED)
    if failed:
        return Reports(Bounce(_once(failed), about, standard=True), about=about)
    return Reports(is_delivery_receipt=bool(recipients), about=about)


def is_declared(root: Part) -> bool:
    """Whether the mail, or what a scanner or a list wrapped, calls itself a report (RFC 6522). The parts of one alone may be enclosed by a person."""
    return root.content_type == "multipart/report" or any(map(is_declared, root.children))


def is_junk_button(root: Part, from_addr: str, limits: Limits) -> bool:
    """Whether Microsoft passes on a mail that a reader of theirs called junk: without a report, with a header of its own in the enclosed mail."""
    return from_addr.lower() == _ITS_SENDER and any(
        headers.has(_JUNK_BUTTON) for headers in _enclosed_headers(leaves(root), limits)
    )


def _disposition(groups: list[Fields], about: tuple[str, ...]) -> Reports:
    """Read, or only arrived, as when it was deleted unread.

    A mailbox that refuses a mail by itself (Sieve `reject`, RFC 5429) says "deleted" without anybody's doing.
    """
    about = about or _original_ids(groups)
    refused = next((g for g in groups if g.get("disposition", "").replace(" ", "").lower().startswith(_REFUSED)), None)
    recipient = _recipient(refused) if refused else None
    if recipient:
        return Reports(Bounce((recipient,), about, standard=True), about=about)
    was_read = any(_disposition_type(group) in _READ for group in groups) or not groups
    return Reports(is_read_receipt=was_read, is_delivery_receipt=not was_read, about=about)


def _disposition_type(group: Fields) -> str:
    """RFC 8098, 3.2.6: `manual-action/MDN-sent-manually; displayed/error`."""
    return group.get("disposition", "").rpartition(";")[2].split("/")[0].strip().lower()


def enclosed_ids(parts: list[Part], limits: Limits) -> tuple[str, ...]:
    """Message-IDs of the mails, or only headers, that a report encloses."""
    found = (message_id for headers in _enclosed_headers(parts, limits) for message_id in headers.ids("message-id")[:1])
    return tuple(dict.fromkeys(found))


def _enclosed_headers(parts: list[Part], limits: Limits) -> Iterator[Headers]:
    """Of the first twenty: a report has one, and each costs."""
    enclosed = (part for part in parts if part.content_type in _ENCLOSED_HEADERS)
    for part in islice(enclosed, _MOST_ENCLOSED):
        content = part.content()[0]
        yield split(content, 0, len(content), limits).headers


def status_groups(text: str, limits: Limits) -> list[Fields]:
    """Groups of `Field: value` lines between blank lines, folded lines joined."""
    groups: list[Fields] = [{}]
    last = ""
    for line in text[: limits.bounce_chars].split("\n"):
        match = _FIELD.match(line)
        if not line.strip():
            groups.append({})
            last = ""
        elif match:
            last = match.group(1).lower()
            groups[-1].setdefault(last, match.group(2).strip())
        elif last and line[0] in " \t" and len(groups[-1][last]) < 2000:
            groups[-1][last] += " " + line.strip()
    return [group for group in groups if group]


def _has(root: Part, parts: list[Part], report_type: str) -> bool:
    declared = root.params.get("report-type", "").lower() == report_type
    return declared or any(part.content_type == f"message/{report_type}" for part in parts)


def _groups_of(parts: list[Part], types: tuple[str, ...], limits: Limits) -> list[Fields]:
    out: list[Fields] = []
    for part in parts:
        if part.content_type in types:
            out += status_groups(text_of(part, limits.bounce_chars), limits)
    return out[: limits.addresses]


def _original_ids(groups: list[Fields]) -> tuple[str, ...]:
    names = ("original-message-id", "x-original-message-id", "message-id")
    return tuple(
        dict.fromkeys(i for group in groups for name in names if name in group for i in ids_in(group[name])[:1])
    )


def _action(group: Fields) -> str:
    return group.get("action", "").split("(")[0].strip().lower().partition(" ")[0]


def _recipient(group: Fields) -> FailedRecipient | None:
    address = next((a for name in _RECIPIENT_FIELDS if (a := _typed_address(group.get(name, "")))), "")
    if not address:
        return None
    original = _typed_address(group.get("original-recipient", ""))
    action, diagnostic = _action(group), group.get("diagnostic-code", "")
    status = _status(group.get("status", ""), diagnostic)
    return FailedRecipient(
        original or address,
        status,
        action,
        one_line(diagnostic, 500),
        transient=action == "delayed" or status.startswith("4"),
    )


def _typed_address(value: str) -> str:
    """`rfc822; anna@example.it` without its type. X.400 and others are left as they are."""
    kind, semicolon, address = value.partition(";")
    return clean_address((address if semicolon else kind).strip().removeprefix("mailto:"))


def _status(value: str, diagnostic: str) -> str:
    exact = [match.group(0) for text in (value, diagnostic) for match in _STATUS.finditer(text[:1000])]
    if exact:
        return next((status for status in exact if not status.endswith(".0.0")), exact[0])
    code = _SMTP_CODE.search(diagnostic)
    return f"{code.group(1)}.0.0" if code else ""


def _once(recipients: tuple[FailedRecipient, ...]) -> tuple[FailedRecipient, ...]:
    return tuple({recipient.address.lower(): recipient for recipient in reversed(recipients)}.values())[::-1]
