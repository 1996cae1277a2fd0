"""What templates of every face need: times, countdowns, avatars, foreign text, and the one way to show foreign HTML."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.http import HttpRequest
from django.template import loader
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from sportello.core import clock
from sportello.ui.addresses import Addresses, address_before
from sportello.ui.dates import in_words
from sportello.ui.devices import device
from sportello.ui.prose import paragraphs
from sportello.ui.times import Times, units
from sportello.ui.wording import wording_in

register = template.Library()
register.filter("device", device)

HTMX_CONFIG = {
    "allowEval": False,
    "allowScriptTags": False,
    "allowNestedOobSwaps": False,
    "attributesToSettle": [],
    "defaultSettleDelay": 0,
    "includeIndicatorStyles": False,
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "selfRequestsOnly": True,
    "scrollIntoViewOnBoost": False,
    "defaultSwapStyle": "outerHTML",
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "...", "swap": False, "error": True},
    ],
}


@register.simple_tag
def htmx_config() -> str:
    """The content of `<meta name="htmx-config">`; escaped as an attribute by the template."""
    return json.dumps(HTMX_CONFIG, separators=(",", ":"))


@register.simple_tag
def provider_name() -> str:
    name: str = settings.PROVIDER_NAME
    return name


@register.simple_tag(takes_context=True)
def clock_attributes(context: Context) -> SafeString:
    """The server's time and zone, so that countdowns do not depend on the clock of the machine in front of us."""
    return format_html(
        'data-now="{}" data-zone="{}"', int(_now(context).timestamp() * 1000), timezone.get_current_timezone_name()
    )


@register.simple_tag
def javascript_words() -> SafeString:
    """The few sentences that the script says by itself, and how much can be sent at once, as inert data."""
    return json_script(
        {
            "arrived": ngettext("%(count)s new request in the queue", "%(count)s new requests in the queue", 1),
            "arrivedMany": ngettext("%(count)s new request in the queue", "%(count)s new requests in the queue", 2),
            "saved": gettext("Draft saved"),
            "saving": gettext("Saving…"),
            "unsaved": gettext("Draft not saved: no connection. It is tried again."),
            "ended": gettext("Draft not saved: the session has ended. Copy the text, then sign in again."),
            "refused": gettext("Draft not saved: the server refused it. Copy the text, then open the page again."),
            "failing": gettext("Draft not saved: the server failed. It is tried again."),
            "elsewhere": gettext("Draft not saved: it was changed in another window."),
            "unsentOffline": gettext(
                "NOT sent: no connection. What is written stays here; send it again when the connection is back."
            ),
            "unsentEnded": gettext(
                "NOT sent: the session has ended. What is written stays here; sign in again in another tab."
            ),
            "unsentFailed": gettext("NOT sent: the server failed. What is written stays here; send it again."),
            "unsentMet": gettext(
                "NOT sent: somebody else was there at the same moment. What is written stays here; send it again."
            ),
            "met": gettext("Somebody else was there at the same moment. Nothing was changed; look again."),
            "gone": gettext("This is no longer there: somebody was quicker, or it was done a moment ago."),
            "tooOften": gettext("That was too often. Wait a minute, then try again."),
            "offline": gettext("No connection: this page may be out of date."),
            "failed": gettext("That did not work. Nothing was changed; try again."),
            "signedOut": gettext("The session has ended. Sign in again in another tab: what is written here stays."),
            "undo": gettext("Goes out in %(seconds)s s"),
            "uploading": gettext("Adding %(name)s…"),
            "pickOne": gettext("Choose a file"),
            "pickMany": gettext("Choose files"),
            "drop": gettext("It can also be dropped here."),
            "dropOrPaste": gettext("Screenshots and logs can also be dropped here, or pasted into the text."),
            "remove": gettext("Remove"),
            "removeFile": gettext("Remove %(name)s"),
            "tooLarge": gettext("%(name)s could not be added."),
            "tooHeavy": gettext("%(name)s was not added: it has %(size)s. All files together may have %(most)s."),
            "tooMany": gettext("%(name)s was not added: %(count)s files at once are the most."),
            "missing": gettext("Fill in this field."),
            "unchosen": gettext("Choose one."),
            "noMail": gettext("This is not a mail address."),
            "outside": gettext("From %(min)s to %(max)s."),
            "malformed": gettext("This cannot be read: look at it once more."),
            "mostBytes": settings.UPLOAD_MAX_BYTES,
            "mostFiles": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
            **units(),
        },
        "words",
    )


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def described(field: BoundField) -> SafeString:
    """The widget, tied to its help and to its errors."""
    ids = [f"{field.auto_id}_helptext"] if field.help_text else []
    ids += [f"{field.auto_id}_error"] if field.errors else []
    attributes: dict[str, Any] = {"aria-describedby": " ".join(ids)} if ids else {}
    return field.as_widget(attrs=attributes)


# -- times -------------------------------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> SafeString | str:
    """`<time>`: 09:52 today, "yesterday 09:52", a weekday within the week, else the date. The full date is in its title."""
    return Times(_now(context)).when(at) if at else ""


@register.filter
def in_full(day: date | None, pattern: str) -> str:
    """A day by a pattern of Django's, `{{ customer.since|in_full:"j F Y" }}`; what the `date` filter cannot write small."""
    return in_words(day, pattern) if day else ""


@register.filter
def due_clock(at: datetime | None) -> str:
    """The hour of an instant, 10:02, in the reader's zone."""
    return f"{timezone.localtime(at):%H:%M}" if at else ""


@register.simple_tag(takes_context=True)
def due(context: Context, at: datetime | None, *, calm: bool = False) -> SafeString:
    """The countdown to `at`, kept running by the script; `calm` for one that never turns red, such as a reminder."""
    return Times(_now(context)).due(at, calm=calm) if at else format_html('<span class="due none">{}</span>', "–")


def _now(context: Context) -> datetime:
    given = context.get("now")
    return given if isinstance(given, datetime) else clock.now()


# -- ways ------------------------------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def page_before(context: Context) -> str:
    """The address of the page that led here, if it is one of ours and not this one; else empty."""
    request: HttpRequest | None = context.get("request")
    return address_before(request) if request else ""


# -- people ------------------------------------------------------------------------------------------------------------------------------
@register.simple_tag
def avatar(name: str, *, kind: str = "") -> SafeString:
    """A disc with initials. It only repeats a name that stands beside it, so it is hidden from screen readers."""
    return format_html('<span class="avatar {}" aria-hidden="true" title="{}">{}</span>', kind, name, initials(name))


def initials(name: str) -> str:
    """The first letters of the first and last word; a question mark for nobody."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


# -- what is the same for everybody ------------------------------------------------------------------------------------------------------
@register.tag
def kept(parser: Parser, _token: Token) -> _Kept:
    """`{% kept %}...{% endkept %}`: a part that hangs on nothing but the reader's language. It is put together once a language."""
    inside = parser.parse(["endkept"])
    parser.delete_first_token()
    return _Kept(inside)


class _Kept(Node):
    def __init__(self, inside: NodeList) -> None:
        self.nodelist = inside
        self._by_language: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self._by_language:
            self._by_language[language] = self.nodelist.render(context.new())
        return self._by_language[language]


# -- what repeats ------------------------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def repeated(context: Context, template_name: str, **data: Any) -> SafeString:
    """A part of the page that stands there many times, from a face's folder `jinja2/`: Jinja compiles its templates (ADR 16)."""
    token = str(context["csrf_token"])
    shared = {
        "now": _now(context),
        "times": Times(_now(context)),
        "may_write": bool(context.get("may_write")),
        "csrf_token": token,
        "token": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token),
    }
    return compiled(template_name, **shared, **data)


def compiled(template_name: str, **data: Any) -> SafeString:
    """A whole template of a folder `jinja2/`, which escapes what it is given. Language and prefix of addresses are asked for once for all of it."""
    language, url = get_language(), Addresses()
    known = {"_": wording_in(language).__getitem__, "language": language, "url": url}
    return SafeString(loader.get_template(template_name, using="jinja2").render({**known, **data}))


# -- foreign text ------------------------------------------------------------------------------------------------------------------------
@register.filter
def prose(text: str) -> SafeString:
    """Plain text from anybody, as paragraphs with links."""
    return paragraphs(text)


@register.simple_tag
def foreign_html(address: str, title: str, text: str = "") -> SafeString:
    """The only way to show HTML that somebody else wrote: a frame without scripts, forms or our origin.

    `address` is one of our own views that serves the HTML as sanitised at intake, itself under `Content-Security-Policy: sandbox`. The frame
    cannot tell us its height, so it is guessed from the number of lines of `text` and can be dragged.
    """
    lines = min(60, 6 + text.count("\n") + len(text) // 90)
    return format_html(
        '<iframe class="foreign tall-{}" src="{}" title="{}" sandbox="allow-popups allow-popups-to-escape-sandbox" '
        'referrerpolicy="no-referrer" loading="lazy"></iframe>',
        min(5, lines // 10 + 1),
        address,
        title,
    )
