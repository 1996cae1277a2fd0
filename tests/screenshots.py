"""`make screenshots`: the demo's screens as people see them, into docs/screenshots/."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from sportello.config import embedded
from tests.browsing import SCREENS, Screen, browser
from tests.config.house import House

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
AGENT, PASSWORD = "giulia@reteserena.example", "prova-sportello-2026"
CONTACTS = {"it": "laura@ceramichedoria.example", "en": "emma@bluefincharter.example"}
CUSTOMER = "Ceramiche Doria"
TICKET = "Il negozio non si apre più"
PUBLIC = {
    "sign-in": "/account/login/",
    "status": "/status/",
    "portal-sign-in": "/portal/sign-in/",
    "pre-sales": "/pre-sales/",
}
PAGES = {
    "search": "/desk/search?q=posta",
    "incidents": "/desk/incidents/",
    "mail": "/desk/mail/",
    "outbox": "/desk/outbox/",
    "maintenance": "/desk/maintenance/",
    "promise": "/desk/promise/",
    "customers": "/desk/customers/",
    "services": "/desk/services/",
    "servers": "/desk/services/servers/",
    "call": "/desk/calls/new/?find=doria",
    "imports": "/desk/imports/",
    "settings": "/desk/settings/",
    "first-hour": "/desk/settings/first-hour/",
    "policy": "/desk/settings/policy/",
    "roles": "/desk/settings/roles/",
    "people": "/desk/people/",
    "audit": "/desk/people/audit/",
}
PORTAL = {
    "portal-requests": "/portal/requests/",
    "portal-services": "/portal/services/",
    "portal-new": "/portal/new/",
    "portal-pin": "/portal/pin/",
    "portal-people": "/portal/people/",
    "portal-settings": "/portal/settings/",
    "portal-privacy": "/portal/settings/privacy/",
    "portal-policy": "/portal/policy/",
}
LINK = """
import django; django.setup()
from sportello.core import clock
from sportello.customers.queries import contact_by_address
from sportello.customers.sign_in import make_link
print(make_link(contact=contact_by_address({contact!r}), now=clock.now()))
"""
SPEAK = """
import django; django.setup()
from sportello.accounts.models import User
User.objects.update(language={language!r})
"""


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for screen in SCREENS:
        with TemporaryDirectory(prefix="sportello-screens-") as name:
            house = House(Path(name), extra={"SPORTELLO_SELF_TEST_MINUTES": "0"})
            try:
                house.up("--demo")  # a fresh one for each: its requests grow old while it is looked at
                _take_all(house, screen)
                house.stop()
            finally:
                house.clear()


def _take_all(house: House, screen: Screen) -> None:
    _inside(house, SPEAK.format(language=screen.language))
    home = f"http://localhost:{house.ports[0]}"
    with browser(screen) as (context, _complaints):
        page = context.new_page()
        _visit(page, home, PUBLIC, screen)
        page.goto(f"{home}/account/login/")
        page.fill("input[name=login]", AGENT)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/desk/")
        _take(page, "queue", screen)
        page.get_by_role("link", name=TICKET).first.click()
        page.wait_for_url("**/desk/tickets/**")
        _take(page, "ticket", screen)
        _visit(page, home, PAGES, screen)
        page.goto(f"{home}/desk/customers/")
        page.get_by_role("link", name=CUSTOMER).first.click()
        page.wait_for_url("**/desk/customers/*/")
        _take(page, "customer", screen)
        page.goto(f"{home}/portal/enter/{_inside(house, LINK.format(contact=CONTACTS[screen.language]))}/")
        page.locator("button.go").click()
        page.wait_for_url("**/portal/")
        _take(page, "portal", screen)
        page.locator(".list a").first.click()
        page.wait_for_url("**/portal/tickets/**")
        _take(page, "portal-ticket", screen)
        _visit(page, home, PORTAL, screen)


def _visit(page: Page, home: str, pages: Mapping[str, str], screen: Screen) -> None:
    for name, address in pages.items():
        page.goto(f"{home}{address}")
        _take(page, name, screen)


def _take(page: Page, name: str, screen: Screen) -> None:
    page.wait_for_load_state("load")
    page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / f"{name}-{screen}.png")


def _inside(house: House, code: str) -> str:
    """What a piece of Python says inside the installation."""
    data = house.folder / "data"
    environment = {
        **house.environment,
        "DATABASE_URL": embedded.cluster_in(data).url,
        "SPORTELLO_SECRET_KEY_FILE": str(data / "secret-key"),
        "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
