"""The pages, as a WSGI application. Granian imports it once in each worker."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from sportello.config import addresses, balancer, bodies, front, processes, status_door, variables

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")

pages = bodies.read_first(
    get_wsgi_application(), pages=variables.WEB_THREADS.read(), files_bytes=variables.UPLOAD_MAX_BYTES.read()
)
for engine in engines.all():
    if isinstance(engine, Jinja2):  # compiled once for all workers, and not while the first waits who opens a ticket
        for name in engine.env.list_templates():
            engine.env.get_template(name)
at_hand = balancer.beside(status_door.beside(pages, public_url=addresses.public_url()))
application = front.behind(at_hand, public_url=addresses.public_url(), proxies=variables.PROXIES.read())


def for_worker() -> front.Application:
    """The application, once the worker that asks for it has promised not to outlive the server that made it."""
    processes.die_with_parent()
    from sportello.config import requests
    from sportello.watch import beating
    from sportello.watch.enums import Work

    status_door.begin()
    beating.begin(Work.WEB, proof=lambda: True, counts=requests.counted)
    return application
