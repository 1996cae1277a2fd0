"""What one sender may have filed within an hour, and how many receipts go out: a flood is held, and hardly answered (S43, S21).

Counted in the transaction of what is done, so that what comes to nothing does not count.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from sportello.accounts.limits import Limit, count_in_turn
from sportello.core.addresses import as_kept
from sportello.intake.rules import Arrival, Fate, Stop, plain
from sportello.mail.reasons import FLOODS, MailReason

HOUR = timedelta(hours=1)
SENDERS_IN_A_CUSTOMER = 3
STRANGERS_SHARE = 8
"""One receipt in so many may go to people whom nobody knows: their addresses may be victims'."""
EVERYBODY = "everybody"


def one_too_many(arrival: Arrival, *, is_asked_for: bool, now: datetime) -> Stop | None:
    """Counts a mail that is about to be filed. A stop when its sender, or its sender's customer, had enough filed within the hour.

    What a person asked to have read is filed in any case. Staff are told of the first that is too many, not of each.
    """
    if not settings.MAILS_PER_HOUR or is_asked_for:
        return None
    shares = [(MailReason.FLOOD, of_sender(), plain(arrival.sender))]
    if arrival.customer_id is not None:
        shares.append((MailReason.FLOOD_OF_CUSTOMER, of_customer(), str(arrival.customer_id)))
    counts = count_in_turn([(share, key) for _reason, share, key in shares], now=now)
    for (reason, share, _key), count in zip(shares, counts, strict=False):
        if count > share.most:
            params = {"sender": arrival.sender, "most": share.most}
            return Stop(Fate.HOLD, reason, params, rings=count == share.most + 1)
    return None


def is_flood(reason: str) -> bool:
    return reason in FLOODS


def of_sender() -> Limit:
    return Limit("mails-of-sender", settings.MAILS_PER_HOUR, HOUR)


def of_customer() -> Limit:
    return Limit("mails-of-customer", settings.MAILS_PER_HOUR * SENDERS_IN_A_CUSTOMER, HOUR)


# -- receipts ------------------------------------------------------------------------------------------------------------
def may_send_receipt(*, kind: str, address: str, is_customer: bool, now: datetime) -> bool:
    """Counts a receipt, or another mail of this `kind`, that is about to be written.

    All tags of one mailbox (`user+tag@`, RFC 5233) have one in an hour together: they are one victim, or one program that answers each time anew.
    """
    shares = [(share, EVERYBODY) for share in _receipts(is_customer=is_customer)]
    if plain(address) != as_kept(address):
        shares.insert(0, (Limit(f"{kind}-to-mailbox", 1, HOUR), plain(address)))
    counts = count_in_turn(shares, now=now) if shares else []
    return all(count <= share.most for (share, _key), count in zip(shares, counts, strict=False))


def receipts_are_used_up(*, is_customer: bool, now: datetime) -> bool:
    return any(share.left(EVERYBODY, now=now) == 0 for share in _receipts(is_customer=is_customer))


def _receipts(*, is_customer: bool) -> list[Limit]:
    """The strangers' share first: once it is used up, they take nothing of the whole any more."""
    if not settings.RECEIPTS_PER_HOUR:
        return []
    return [receipts()] if is_customer else [receipts_to_strangers(), receipts()]


def receipts() -> Limit:
    return Limit("receipts", settings.RECEIPTS_PER_HOUR, HOUR)


def receipts_to_strangers() -> Limit:
    return Limit("receipts-to-strangers", -(-settings.RECEIPTS_PER_HOUR // STRANGERS_SHARE), HOUR)
