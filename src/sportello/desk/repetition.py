"""The Jinja environment for what stands on a page of the desk many times, and for the ticket page, which is open all day.

Django's template language walks the nodes of a template anew for every row; Jinja compiles it to Python once. See ADR 16.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from sportello.customers.rules import telephone_to_read
from sportello.desk.navigation import rail
from sportello.desk.rows import queue_rows
from sportello.desk.templatetags import desk, folding
from sportello.ui.addresses import address
from sportello.ui.keeping import KEEPER, TOKEN_PLACE, key_of
from sportello.ui.templatetags import ui
from sportello.ui.templatetags.ui import compiled


def environment(**options: Any) -> Environment:
    """Named by the settings. Escapes everything, and refuses a name that nobody gave."""
    made = Environment(
        autoescape=True, undefined=StrictUndefined, loader=options["loader"], auto_reload=options["auto_reload"]
    )
    made.globals.update(
        {
            "part": _part,
            "kept": _kept,
            "avatar": ui.avatar,
            "prose": ui.prose,
            "foreign_html": ui.foreign_html,
            "beginning": folding.beginning,
            "remainder": folding.remainder,
            "more_lines": folding.more_lines,
            "due_words": desk.due_words,
            "concern_told": desk.concern_told,
            "row_chips": desk.row_chips,
            "row_why": desk.row_why,
            "where_words": desk.where_words,
            "extras": desk.extras,
            "act": _act,
            "author_words": desk.author_words,
            "channel_words": desk.channel_words,
            "customer_link": desk.customer_link,
            "due_clock": ui.due_clock,
            "event_words": desk.event_words,
            "enter_key": lambda: pgettext("a key", "Enter"),
            "meter": desk.meter,
            "provider_name": ui.provider_name,
            "queue_rows": queue_rows,
            "rail": rail,
            "rail_count": desk.rail_count,
            "relation_words": desk.relation_words,
            "status_chip": desk.status_chip,
            "verdict_colour": desk.verdict_colour,
            "telephone": telephone_to_read,
            "take_word": lambda: pgettext("button in a row of the queue", "take"),
        }
    )
    return made


@pass_context
def _kept(context: Context, template: str, **data: Hashable) -> SafeString:
    """A template that shows nothing but these plain values: put together once for the same, in one language (`ui.keeping`)."""
    key = (template, context["language"], context["url"].prefix, *key_of(**data))
    part = KEEPER.part(key, lambda: compiled(template, **_TOKEN_LATER, **data))
    return SafeString(part.replace(TOKEN_PLACE, context["csrf_token"]))


_TOKEN_LATER = {
    "csrf_token": TOKEN_PLACE,
    "token": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', TOKEN_PLACE),
}


@pass_context
def _part(context: Context, template: str, **data: Any) -> SafeString:
    """What is rarely there, in Django's own language, with everything that is known here."""
    return render_to_string(template, {**context.get_all(), **data})


@pass_context
def _act(context: Context, view: str, public_id: UUID, *, caller: Callable[[], str], **options: Any) -> SafeString:
    """`{% call act("desk:solve", ticket.public_id) %}Solve{% endcall %}`: a button that does one thing to a ticket.

    It is a form of its own, so that it works without the script. Options: `key` for the keyboard, `go` for the button that is most likely
    wanted, `name` and `value` to send along.
    """
    return format_html(
        '<form method="post" action="{}" hx-boost="true"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="button {}" type="submit"{}{}>{}</button></form>',
        address(view, public_id),
        context["csrf_token"],
        "go" if options.get("go") else "",
        format_html(' data-key="{}"', options["key"]) if "key" in options else "",
        format_html(' name="{}" value="{}"', options["name"], options["value"]) if "name" in options else "",
        caller(),
    )
