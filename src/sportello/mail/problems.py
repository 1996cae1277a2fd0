"""What was odd about a mail, in words: the reader notes codes, a person reads sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNREADABLE = "unreadable:"
BLOTTED = "blotted"
COPY = "copy"

WORDS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "oversize": _("The mail was too big: only its beginning was taken in"),
        "short": _("The mail server handed over less of the mail than it has"),
        "attachments-cut": _("There were more files than are taken in; the rest is in the source"),
        "bounce-detector": _("The report of a mail that came back was too odd to be read in full"),
        "boundary": _("The parts of the mail are not separated as they should be"),
        "broken-header": _("A line of the header is broken"),
        "bytes-cut": _("Only the beginning of the mail was read; the rest is in the source"),
        "charset": _("Some letters could not be read as what the mail says they are"),
        COPY: _("It came by several ways, of which mail servers said different things about its sender"),
        "content-type": _("The mail does not say properly what it contains"),
        "cr-only": _("The lines of the mail end in an odd way"),
        "header-cut": _("A very long header was shortened"),
        "headers-cut": _("There were more headers than are read"),
        "html-shows-nothing": _("The HTML shows no words: what is written in it stands here"),
        "html-too-complex": _("The HTML was too big or too tangled: only its text is shown"),
        "no-blank-line": _("No blank line stands between header and text"),
        "no-parts": _("The mail announces parts and has none"),
        "parts-cut": _("There were more parts than are read; the rest is in the source"),
        "remote-content": _("Pictures and other content from elsewhere were left out"),
        "text-cut": _("A very long text was shortened; all of it is in the source"),
        "too-deep": _("Parts lie too deep within each other; the rest is in the source"),
        "transfer-encoding": _("A part is not encoded as it says"),
        BLOTTED: _("The mail as it came was removed for good"),
        "unclosed": _("The mail ends in the middle of a part"),
    }
)


def words(code: str) -> str:
    """The sentence of a problem in the reader's language; a code that a later reader noted speaks for itself."""
    if code.startswith(UNREADABLE):
        return str(_("A part could not be read (%(code)s); it is in the source")) % {
            "code": code.removeprefix(UNREADABLE)
        }
    return str(WORDS.get(code.partition(":")[0], code))
