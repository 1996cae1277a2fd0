"""Chromium at the desk, with the live process beside the site as in production."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from sportello.accounts.models import User
from tests.config.house import until
from tests.ports import free_port

WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
});
"""


@contextmanager
def live_process(public_url: str) -> Iterator[str]:
    """The live process over the test database; its address."""
    port, database = free_port(), connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "SPORTELLO_PUBLIC_URL": public_url}
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--workers", "1", "--log-level", "warning", "sportello.config.asgi:application"],
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    try:
        until(lambda: _listens(port), seconds=30, what="the live process listens")
        yield f"http://localhost:{port}/live/"
    finally:
        process.terminate()
        process.wait(90)


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def sign_in(context: BrowserContext, user: User, site: str) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])


def faults_of(page: Page) -> list[str]:
    """What the browser refused to do because of the content security policy."""
    found: list[str] = page.evaluate("window.violations")
    return found


def policy_with(live: str) -> dict[str, Any]:
    """The site's own policy, with this live process as the one to connect to."""
    own = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    parts = urlsplit(live)
    return {"DIRECTIVES": {**own, "connect-src": ["'self'", f"{parts.scheme}://{parts.netloc}"]}}
