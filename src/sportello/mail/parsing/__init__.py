"""Bytes of a mail to a ParsedMail: pure, bounded, and never raising."""

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
from sportello.mail.parsing.parse import parse

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
    "parse",
]
