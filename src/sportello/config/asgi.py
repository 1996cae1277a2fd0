"""Live updates, as an ASGI application: streams of events for open pages, and nothing else of the site."""

from __future__ import annotations

import os
from typing import cast

from django.core.asgi import get_asgi_application

from sportello.config import addresses, front, processes, variables

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
_site = cast(front.AsgiApplication, get_asgi_application())

from sportello.desk.live import beside  # noqa: E402 - it needs the applications loaded

application = front.live_only(beside(_site), public_url=addresses.public_url(), proxies=variables.PROXIES.read())


def for_worker() -> front.AsgiApplication:
    """The application, once the worker that asks for it has promised not to outlive the server that made it."""
    processes.die_with_parent()
    return application
