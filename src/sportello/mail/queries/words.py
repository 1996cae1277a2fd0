"""Where words stand in mails: for taking them out."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from sportello.mail.enums import InboundState
from sportello.mail.models import InboundMail, OutboundMail


def mails_to(addresses: Collection[str]) -> QuerySet[OutboundMail]:
    """All that was or will be sent to one of these addresses."""
    return OutboundMail.objects.filter(to__in=addresses)


def mails_from(addresses: Collection[str]) -> QuerySet[InboundMail]:
    """All that came from one of these addresses, by its head or its envelope, and has been read."""
    theirs = InboundMail.objects.filter(Q(sender__in=addresses) | Q(envelope_from__in=addresses))
    return theirs.exclude(state=InboundState.RECEIVED)


def mails_of_messages(inbound_ids: Collection[int]) -> QuerySet[InboundMail]:
    """These mails, and the same ones as they came to other mailboxes of ours or by another door."""
    these = InboundMail.objects.filter(pk__in=inbound_ids)
    named = [each for each in these.values_list("message_id", flat=True) if each]
    return InboundMail.objects.filter(Q(pk__in=inbound_ids) | Q(message_id__in=named)).select_related("raw")
