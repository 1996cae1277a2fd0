"""Named reads of mail in."""

from __future__ import annotations

from sportello.mail.models import Mailbox


def mailbox_for(recipient: str) -> Mailbox | None:
    """The active mailbox of an address: its own or another of its addresses, with or without a `+tag`, in any case."""
    address = recipient.strip().strip("<>").lower()
    local, at, domain = address.rpartition("@")
    if not at or not local:
        return None
    plain = f"{local.partition('+')[0]}@{domain}"
    by_address = {name.lower(): mailbox for mailbox in Mailbox.objects.filter(is_active=True) for name in (*mailbox.aliases, mailbox.address)}
    return by_address.get(address) or by_address.get(plain)
