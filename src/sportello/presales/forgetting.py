"""Questions from the public form, forgotten by the address of who asked."""

from __future__ import annotations

from collections.abc import Collection

from sportello.presales.models import AddressLink, Enquiry


def forget_enquiries(addresses: Collection[str]) -> int:
    gone = (model.objects.filter(address__in=addresses).delete()[0] for model in (Enquiry, AddressLink))
    return sum(gone)
