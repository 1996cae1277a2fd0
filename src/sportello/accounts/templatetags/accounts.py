"""What the sign-in pages need beside the tags of `ui`."""

from __future__ import annotations

import qrcode  # type: ignore[import-untyped]  # ships no types
from django import forms, template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sportello.accounts.models import User
from sportello.accounts.recovery_codes import hashes_left

register = template.Library()


@register.filter
def without_placeholders(form: forms.Form) -> forms.Form:
    """allauth repeats each label inside its field; here the label stands above it."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.simple_tag
def qr_square(text: str) -> SafeString:
    """A QR code as inline SVG: one path, so that the content security policy needs no exception for it."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" width="200" height="200" role="img" aria-label="{1}">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        len(rows),
        gettext("Square code for the authenticator app"),
        path,
    )


@register.simple_tag
def second_factor_demanded() -> bool:
    demanded: bool = settings.REQUIRE_SECOND_FACTOR
    return demanded


@register.simple_tag(takes_context=True)
def recovery_codes_left(context: template.Context) -> int:
    user: User = context["user"]
    return len(hashes_left(user))
