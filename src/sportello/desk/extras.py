"""What a mail brought besides its text, as short boxes above it: class, heading, sentence. Written by intake into `Message.extra`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sportello.mail import reasons

Box = tuple[str, str, str]
PEC_ANOMALY = "errore"


def extra_boxes(extra: Mapping[str, Any]) -> Iterator[Box]:
    """Never raises for what an earlier version stored: what it does not know it leaves out."""
    if extra.get("unread"):
        yield "warn", _("Not readable."), _("This mail could not be read; it is attached as it came.")
    for code, params in extra.get("marks", ()):
        yield "warn", "", reasons.words(code, params)
    if "call" in extra:
        yield _call(extra["call"])
    if "enquiry" in extra:
        yield _enquiry(extra["enquiry"])
    if "pec" in extra:
        yield _pec(extra["pec"])
    if "invitation" in extra:
        yield "", _("Invitation:"), invitation_words(extra["invitation"])
    if extra.get("blotted"):
        yield "", _("Blotted out."), _("Something was taken out of this message for good.")
    yield from _sealed(extra)
    yield from _from_elsewhere(extra)


def _sealed(extra: Mapping[str, Any]) -> Iterator[Box]:
    if extra.get("encrypted"):
        yield "warn", _("Encrypted."), _("Its content can be opened only by whoever has the key.")
    if extra.get("signed"):
        yield "", _("Signed (%(kind)s).") % {"kind": extra["signed"]}, _("The signature was not checked.")


def _from_elsewhere(extra: Mapping[str, Any]) -> Iterator[Box]:
    if extra.get("forward_from"):
        yield "", _("Forwarded:"), _("first written by %(address)s") % {"address": extra["forward_from"]}
    if extra.get("reply_to"):
        yield "", _("Wants its answer at"), ", ".join(extra["reply_to"])


def invitation_words(invitation: Mapping[str, str]) -> str:
    """What, when, where, who asks."""
    parts = [
        invitation.get("summary", ""),
        " – ".join(filter(None, (_moment(invitation.get("start", "")), _moment(invitation.get("end", ""))))),
        invitation.get("location", ""),
        invitation.get("organiser", ""),
    ]
    words = " · ".join(part for part in parts if part)
    return _("withdrawn: %(what)s") % {"what": words} if invitation.get("method", "").upper() == "CANCEL" else words


def _pec(pec: Mapping[str, str]) -> Box:
    if pec.get("kind") == PEC_ANOMALY:
        return (
            "warn",
            _("Certified mail with an anomaly."),
            _("It came through %(address)s.") % {"address": pec.get("envelope_from", "")},
        )
    return (
        "good",
        _("Certified mail (PEC)."),
        _("It came through %(address)s.") % {"address": pec.get("envelope_from", "")},
    )


def _call(call: Mapping[str, Any]) -> Box:
    """Who took it down, and whether the caller had proved who they were [reach.phone]."""
    number, by = call.get("number", ""), call.get("by", "")
    taken = _("taken down by %(name)s") % {"name": by}
    words = f"{number} · {taken}" if number else taken
    if call.get("is_verified"):
        return "good", _("Call, support PIN right:"), words
    return "warn", _("Call, caller not verified:"), words


def _enquiry(enquiry: Mapping[str, str]) -> Box:
    """What somebody wrote of themselves into the public form; only the address is proven [reach.presales]."""
    told = [enquiry.get(name, "") for name in ("name", "company", "phone")]
    return "", _("By the public form:"), " · ".join(filter(None, told))


def _moment(stored: str) -> str:
    """An ISO date or instant in the reader's zone; anything else as it stands."""
    try:
        if len(stored) == len("2026-03-04"):
            return date_format(date.fromisoformat(stored), "SHORT_DATE_FORMAT")
        at = datetime.fromisoformat(stored)
    except ValueError:
        return stored
    return date_format(timezone.localtime(at) if at.tzinfo else at, "SHORT_DATETIME_FORMAT")
