"""What makes two deliveries the same mail: everything but the traces of the way it took."""

from __future__ import annotations

import hashlib
import re

HEADER_BYTES = 512 * 1024  # what lies beyond is hashed as it is

# The copy by LMTP and the copy by IMAP of one mail differ in what servers added on the way, and in nothing else: the trace of RFC 5321, 4.4; the
# delivery notes of Postfix, Exim, Dovecot, qmail and Sieve; what filters and authentication found; the signatures of relays (what S/MIME signs is
# in the body, and counts); the marks of mail stores. Any other header counts: a server's unknown one gives two rows, which a person can join,
# whereas one that is left out in error would lose a mail.
TRACE_HEADERS = frozenset(
    b"received return-path delivered-to x-delivered-to x-original-to envelope-to x-envelope-to x-envelope-from delivery-date x-forwarded-to "
    b"x-forwarded-for x-forwarded-encrypted x-loop x-received x-real-to x-rcpt-to x-sieve x-sieve-redirected-from x-original-recipient "
    b"authentication-results x-authentication-results received-spf dkim-signature domainkey-signature dkim-filter x-dkim authentication-warning "
    b"x-authentication-warning x-auth-results old-authentication-results x-google-dkim-signature x-google-smtp-source x-gm-message-state "
    b"x-virus-scanned x-virus-status x-greylist x-policyd-weight x-bogosity x-scanned-by x-quarantine-id x-amavis-alert x-amavis-modified "
    b"status x-status x-uid x-uidl x-keywords x-imap x-imapbase x-folder content-length lines x-mozilla-status x-mozilla-status2 x-mozilla-keys "
    b"x-evolution-source x-account-key x-antivirus x-antivirus-status x-fetchmail-warning".split()
)
TRACE_PREFIXES = (
    b"arc-",
    b"x-spam",
    b"x-rspamd",
    b"x-dspam",
    b"x-amavis",
    b"x-virus",
    b"x-ham",
    b"x-clamav",
    b"x-mailscanner",
    b"x-crm114",
)
_FIELD = re.compile(rb"[^\n]+(?:\n[ \t][^\n]*)*")


def fingerprint(raw: bytes) -> str:
    """The sha256 (hex) of the mail without trace headers, folding, carriage returns and blank lines at the end. Linear in its length."""
    content = raw.replace(b"\r", b"").strip(b"\n")
    end = content.find(b"\n\n", 0, HEADER_BYTES)
    head, rest = (
        (content, b"") if end < 0 and len(content) <= HEADER_BYTES else (content[: max(end, 0)], content[max(end, 0) :])
    )
    digest = hashlib.sha256()
    for field in _FIELD.findall(head):
        if not _is_trace(field):
            digest.update(b" ".join(field.split()) + b"\n")
    digest.update(rest)
    return digest.hexdigest()


def judged_on_the_way(raw: bytes) -> list[bytes]:
    """What mail servers say of the sender (RFC 8601): two copies of one mail may differ in it, as when one was forwarded."""
    head = raw.replace(b"\r", b"").strip(b"\n")[:HEADER_BYTES].partition(b"\n\n")[0]
    return [b" ".join(field.split()) for field in _FIELD.findall(head) if _name(field) == b"authentication-results"]


def _is_trace(field: bytes) -> bool:
    """Also true of the `From ` line that a mailbox file or a pipe puts before the mail."""
    name = _name(field)
    return name in TRACE_HEADERS or name.startswith(TRACE_PREFIXES) or field.startswith(b"From ")


def _name(field: bytes) -> bytes:
    return field[:100].partition(b":")[0].strip().lower()
