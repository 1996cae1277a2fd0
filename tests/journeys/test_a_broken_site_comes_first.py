"""A server's PHP dies: the desk looks for itself, the open queue is ordered anew with the reason, and all goes back when it runs again.

Real Apache, a real pool of PHP; the desk's own worker looks at them. Half a minute is taken off what was seen, not waited for.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import SCREENS, barriers, browser, scrolls_sideways
from tests.config.house import until
from tests.diagnostics.internet import Internet, an_internet
from tests.journeys.provider import PASSWORD, Provider, environment_of, letter, provider
from tests.lab.programs import Apache, Fpm
from tests.lab.sites import Kind, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.slow(70),
    pytest.mark.needs("chromium-headless-shell", "apache2", "php", "root"),
    pytest.mark.timeout(600),
]

ADDRESS, NEIGHBOURS = "127.0.7.1", ("vicino.example", "vicina.example")
NAME = "bottega.example"
QUIET, SOONER = "Un dubbio sulla pagina iniziale", "Come si aggiunge una casella?"
REGISTER = f"""
import django; django.setup()
from tests.factories import make_contact, make_customer, make_server, make_service
from sportello.services.models import NetworkRange
NetworkRange.objects.create(network="127.0.7.0/24")
server = make_server("web-7")
server.address = {ADDRESS!r}
server.save()
customer = make_customer("Bottega", code="bottega")
make_contact("Nora Bottega", customer=customer, address="nora@{NAME}", language="it")
make_contact("Rosa Forno", customer=make_customer("Forno", code="forno"), address="rosa@forno.example", language="it")
make_service({NAME!r}, customer=customer, server=server)
for name in {NEIGHBOURS!r}:
    make_service(name, server=server)
"""
HALF_A_MINUTE_PASSES = """
UPDATE diagnostics_examination SET asked_at = asked_at - half, begun_at = begun_at - half, finished_at = finished_at - half,
    failing_since = failing_since - half FROM (SELECT interval '31 seconds' AS half);
"""


@dataclass
class Place:
    """The desk, and the server that its customer's site is on."""

    desk: Provider
    pool: Fpm

    @property
    def looks(self) -> list[tuple[str, str, str]]:
        """Why each was made, by what rule it was judged, and the verdict; the oldest first."""
        with psycopg.connect(environment_of(self.desk.house)["DATABASE_URL"]) as connection:
            rows = (
                "SELECT occasion, rule, verdict FROM diagnostics_examination WHERE finished_at IS NOT NULL ORDER BY id"
            )
            return [(str(occasion), str(rule), str(verdict)) for occasion, rule, verdict in connection.execute(rows)]

    def until_looks(self, number: int) -> list[tuple[str, str, str]]:
        until(lambda: len(self.looks) >= number, seconds=60, what=f"the service was looked at {number} times")
        return self.looks

    def half_a_minute_passes(self) -> None:
        with psycopg.connect(environment_of(self.desk.house)["DATABASE_URL"]) as connection:
            connection.execute(HALF_A_MINUTE_PASSES)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with TemporaryDirectory(prefix="sportello-site-") as folder, an_internet() as net:
        Path(folder).chmod(0o755)
        with _served(Path(folder), net) as pool, provider(tmp_path, _settings(net)) as desk:
            script = [sys.executable, "-c", REGISTER]
            subprocess.run(script, env=environment_of(desk.house), check=True)
            yield Place(desk, pool)


@contextmanager
def _served(folder: Path, net: Internet) -> Iterator[Fpm]:
    """Three sites of one server, that all need its PHP."""
    site = Site(
        NAME, Kind.PHP, ADDRESS, folder / "site", neighbours=NEIGHBOURS, port=net.ports[80], share_its_fate=True
    )
    site.folder.mkdir()
    (site.folder / "index.php").write_text("<?php echo '<h1>Bottega</h1><p>Ceramiche fatte a mano.</p>';")
    for name in (NAME, f"www.{NAME}", *NEIGHBOURS):
        net.zone.add(name, ADDRESS)
    pool, apache = Fpm(folder / "pool"), Apache(folder / "apache")
    try:
        pool.start()
        apache.start(site.host(pool.socket, folder), [(ADDRESS, site.port)])
        yield pool
    finally:
        apache.stop()
        pool.stop()


def _settings(net: Internet) -> dict[str, str]:
    """Where the desk finds the names and the doors of this small internet."""
    return {
        "SPORTELLO_PROBES": "yes",
        "SPORTELLO_PROBE_NETWORKS": "127.0.7.0/24",
        "SPORTELLO_PROBE_RESOLVERS": f"127.0.0.1:{net.ports[53]}",
        "SPORTELLO_PROBE_PORTS": ", ".join(f"{usual}={port}" for usual, port in net.ports.items()),
        "SPORTELLO_PROBE_EVERY_MINUTES": "0",
    }


def test_an_outage_is_found_the_queue_is_ordered_anew_and_all_goes_back_when_it_is_over(place: Place) -> None:
    screen = SCREENS[0]
    with browser(screen) as (context, complaints):
        page = context.new_page()
        sign_in(page, place.desk, str(screen))
        page.evaluate("window.notReloaded = true")
        place.desk.hand_in(letter("rosa@forno.example", SOONER, "Vorrei una casella in più per un collega."))
        expect(page.locator("li.row", has_text=SOONER)).to_be_visible(timeout=60_000)
        place.pool.stop()
        place.desk.hand_in(letter(f"nora@{NAME}", QUIET, f"Buongiorno, avete cambiato qualcosa per {NAME}?"))
        row = page.locator("li.row", has_text=QUIET)
        expect(row).to_be_visible(timeout=60_000)

        assert place.until_looks(1)[0] == ("opening", "once", "unknown")
        expect(page.locator("li.row").first).to_contain_text(SOONER)
        place.half_a_minute_passes()
        assert place.until_looks(2)[1][1:] == ("twice", "unusable")
        expect(page.locator("li.row").first).to_contain_text(QUIET, timeout=60_000)
        expect(page.locator("li.row").first).to_contain_text("non si può usare")
        assert page.evaluate("window.notReloaded"), "the queue was reloaded"
        found = barriers(page)

        row.locator("a").first.click()
        page.wait_for_url("**/desk/tickets/**")
        reasons = page.locator("#why")
        expect(reasons).to_contain_text("Abbiamo guardato: il servizio non si può usare")
        expect(reasons).to_contain_text("[promise.outage]")
        read_what_was_seen(page)
        assert not scrolls_sideways(page)
        found += barriers(page)

        place.pool.start()
        page.evaluate("window.notReloaded = true")
        page.locator("form[action$='/look-again'] button").press("Enter")
        assert place.until_looks(3)[2] == ("demand", "works", "fine")
        expect(reasons).to_contain_text("Abbiamo guardato: il servizio funziona", timeout=60_000)
        expect(reasons).not_to_contain_text("Abbiamo guardato: il servizio non si può usare")
        found += barriers(page)
        page.goto(f"{place.desk.url}/desk/")
        expect(page.locator("li.row").first).to_contain_text(SOONER)

        row.locator("a").first.click()
        page.wait_for_url("**/desk/tickets/**")
        page.locator("form[action$='/solve'] button").first.click()
        expect(page.locator("#head .chip", has_text="risolto")).to_be_visible()
        place.half_a_minute_passes()
        assert place.until_looks(4)[3] == ("solving", "works", "fine")
    assert found == []
    assert complaints == []


def sign_in(page: Page, desk: Provider, name: str) -> None:
    page.goto(f"{desk.url}/account/login/")
    page.fill("input[name=login]", f"{name}@provider.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/")


def read_what_was_seen(page: Page) -> None:
    """What the newest look saw, whose fault it is, and the web server's own words; both looks on a page of their own."""
    page.locator("#looks > summary").press("Enter")
    newest = page.locator("#looks-found")
    expect(newest).to_contain_text("Verifiche distanti almeno 30 secondi")
    expect(newest).to_contain_text("nostra")
    answer = newest.locator("details", has_text="503 Service Unavailable").first
    answer.locator("summary").press("Enter")
    expect(answer.locator("pre")).to_be_visible()
    every = page.context.new_page()
    every.goto(newest.get_by_role("link", name="Tutti i controlli").evaluate("link => link.href"))
    expect(every.locator("#looks-found section")).to_have_count(2)
    every.close()
