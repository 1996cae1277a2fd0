"""The Jinja environment for what stands on a page of the desk many times: rows of the queue, messages of a ticket, what a search found.

Django's template language walks the nodes of a template anew for every row; Jinja compiles it to Python once. See ADR 16.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from sportello.desk.templatetags import desk, folding
from sportello.ui.addresses import address
from sportello.ui.templatetags import ui


def environment(**options: Any) -> Environment:
    """Named by the settings. Escapes everything, and refuses a name that nobody gave."""
    made = Environment(
        autoescape=True, undefined=StrictUndefined, loader=options["loader"], auto_reload=options["auto_reload"]
    )
    made.globals.update(
        {
            "_": gettext,
            "url": address,
            "part": _part,
            "avatar": ui.avatar,
            "prose": ui.prose,
            "foreign_html": ui.foreign_html,
            "beginning": folding.beginning,
            "remainder": folding.remainder,
            "more_lines": folding.more_lines,
            "due_words": desk.due_words,
            "row_chips": desk.row_chips,
            "status_chip": desk.status_chip,
            "where_words": desk.where_words,
            "extras": desk.extras,
        }
    )
    return made


@pass_context
def _part(context: Context, template: str, **data: Any) -> SafeString:
    """What is rarely there, in Django's own language, with everything that is known here."""
    return render_to_string(template, {**context.get_all(), **data})
