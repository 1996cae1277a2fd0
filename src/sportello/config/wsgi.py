"""The pages, as a WSGI application. Granian imports it once in each worker."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from sportello.config import addresses, front, processes, variables

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")

application = front.behind(get_wsgi_application(), public_url=addresses.public_url(), proxies=variables.PROXIES.read())


def for_worker() -> front.Application:
    """The application, once the worker that asks for it has promised not to outlive the server that made it."""
    processes.die_with_parent()
    return application
