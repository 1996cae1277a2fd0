"""Bytes of a mail to a ParsedMail: pure, bounded, and never raising.

`parse` itself is not imported here: only the reader's own process needs it and the libraries that it brings.
"""

from sportello.mail.parsing.limits import DEFAULT, Limits
from sportello.mail.parsing.model import (
    Attachment,
    Authentication,
    Automatic,
    Bounce,
    Check,
    FailedRecipient,
    Invitation,
    ParsedMail,
    Pec,
    PecKind,
)

__all__ = [
    "DEFAULT",
    "Attachment",
    "Authentication",
    "Automatic",
    "Bounce",
    "Check",
    "FailedRecipient",
    "Invitation",
    "Limits",
    "ParsedMail",
    "Pec",
    "PecKind",
]
