"""What is ready before the workers are forked off."""

from __future__ import annotations

from django.template import engines
from django.template.backends.jinja2 import Jinja2


def test_nobody_who_opens_the_first_ticket_waits_for_its_templates_to_be_compiled() -> None:
    from sportello.config import wsgi  # noqa: F401 - what it does as it is imported

    compiled = engines["jinja2"]
    assert isinstance(compiled, Jinja2)
    kept = compiled.env.cache
    assert kept is not None
    assert {"desk/ticket.html", "desk/ticket_side.html", "portal/messages.html"} <= {name for _, name in kept.keys()}  # noqa: SIM118 - no mapping
