"""The billing systems that the settings name."""

from __future__ import annotations

from django.conf import settings

from sportello.imports.adapters.source import BillingSource, SourceError
from sportello.imports.adapters.whmcs import Whmcs
from sportello.imports.enums import Source, Trouble


def is_configured(source: Source) -> bool:
    return source is Source.WHMCS and bool(settings.WHMCS_URL and settings.WHMCS_IDENTIFIER and settings.WHMCS_SECRET)


def source_of(source: Source) -> BillingSource:
    """Raises SourceError for one that no setting names."""
    if not is_configured(source):
        raise SourceError(Trouble.UNREACHABLE, "SPORTELLO_WHMCS_URL, _IDENTIFIER and _SECRET are not all set")
    return Whmcs(
        url=settings.WHMCS_URL,
        identifier=settings.WHMCS_IDENTIFIER,
        secret=settings.WHMCS_SECRET,
        access_key=settings.WHMCS_ACCESS_KEY,
        allowed=settings.WHMCS_NETWORKS,
    )
