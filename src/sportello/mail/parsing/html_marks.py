"""How mail programs mark, in HTML, what they quote and what they sign with.

Gmail, Apple Mail and Thunderbird need no entry for the quote itself: theirs is a blockquote under an opening line.
"""

from __future__ import annotations

import re

from lxml import etree

from sportello.mail.parsing.patterns import words

_QUOTE_IDS = words(
    "olk_src_body_section reply-intro divrplyfwdmsg appendonsend stopspelling mail-editor-reference-message-container"
)
_QUOTE_ID_PREFIXES = ("yahoo_quoted", "yiv_quoted")
_QUOTE_CLASSES = words(
    """
    yahoo_quoted yahooquoted moz-cite-prefix gmail_attr zmail_extra zmail_extra_hr protonmail_quote tutanota_quote
    front-blockquote hmmessage_quote reply_quote ox-reply-header history_container
    """
)
# From here to the end of the document everything is the older mail.
_REST_IDS = words("divrplyfwdmsg appendonsend stopspelling mail-editor-reference-message-container")
_SIGNATURE_CLASSES = words(
    "gmail_signature moz-signature protonmail_signature_block tutanota_signature yahoo-signature"
)
_SIGNATURE_IDS = words("signature applemailsignature ms-outlook-mobile-signature lblsignature composer_signature")
_INDENT = re.compile(
    r"border(?:-left)?\s*:\s*(?:none|0|medium none)|margin\s*:\s*0[a-z]*\s+0[a-z]*\s+0[a-z]*\s+40px", re.IGNORECASE
)
_PREFORMATTED = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_INVISIBLE = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)


def is_quote(element: etree._Element) -> bool:
    identity = _identity(element)
    return (
        identity in _QUOTE_IDS
        or identity.startswith(_QUOTE_ID_PREFIXES)
        or not _QUOTE_CLASSES.isdisjoint(_classes(element))
        or element.get("data-marker") == "__QUOTED_TEXT__"
        or element.get("name") == "messageReplySection"
    )


def begins_rest(element: etree._Element) -> bool:
    """Whether everything from here on is the older mail."""
    return _identity(element) in _REST_IDS or element.get("data-marker") == "__DIVIDER__"


def is_signature(element: etree._Element) -> bool:
    return (
        _identity(element) in _SIGNATURE_IDS
        or element.get("data-smartmail") == "gmail_signature"
        or element.get("name") == "messageSignatureSection"
        or not _SIGNATURE_CLASSES.isdisjoint(_classes(element))
    )


def is_blockquote(element: etree._Element) -> bool:
    """Not so for the one that is only an indent."""
    return element.tag == "blockquote" and not _INDENT.search(_style(element))


def is_cited(element: etree._Element) -> bool:
    """A blockquote made by a mail program, for quoting."""
    return is_blockquote(element) and (element.get("type") == "cite" or "gmail_quote" in _classes(element))


def is_preformatted(element: etree._Element) -> bool:
    """Line breaks in its source are line breaks to the eye, as webmails write what was typed as plain text."""
    return element.tag == "pre" or _PREFORMATTED.search(_style(element)) is not None


def is_invisible(element: etree._Element) -> bool:
    return _INVISIBLE.search(_style(element)) is not None


def _identity(element: etree._Element) -> str:
    """The id in lower case, without the `x_` that Outlook on the web puts before those of a quoted mail."""
    return element.get("id", "").lower().removeprefix("x_")


def _classes(element: etree._Element) -> list[str]:
    return element.get("class", "")[:1000].lower().split()


def _style(element: etree._Element) -> str:
    return element.get("style", "")[:1000]
