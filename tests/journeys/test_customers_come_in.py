"""The first hour's longest list: a CSV file with wrong rows, and WHMCS, come in through the page of imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Screen, barriers, browser, scrolls_sideways
from tests.imports import whmcs_server
from tests.journeys.provider import PASSWORD, Provider, provider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.slow(40),
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.timeout(600),
]

ROWS, WRONG = {1360: 5000, 390: 400}, 20
PATIENCE = 180_000
SCREENS = (Screen(1360, "light", "it"), Screen(390, "dark", "en"))
WORDS = {
    "it": {"tried": "provata", "done": "terminata", "why": "nome è vuoto", "waits": "cesserebbero"},
    "en": {"tried": "tried", "done": "done", "why": "name is empty", "waits": "would end"},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with whmcs_server.serving(whmcs_server.small_provider(shape="numbered")) as url:
        settings = {
            "SPORTELLO_WHMCS_URL": url,
            "SPORTELLO_WHMCS_IDENTIFIER": whmcs_server.IDENTIFIER,
            "SPORTELLO_WHMCS_SECRET": whmcs_server.SECRET,
            "SPORTELLO_WHMCS_NETWORKS": "127.0.0.0/8",
        }
        with provider(tmp_path_factory.mktemp("provider"), settings) as ready:
            yield ready


def customers(folder: Path, screen: Screen) -> Path:
    """As a spreadsheet in Italy writes them; the last ones have no name."""
    last = ROWS[screen.width]
    rows = [
        f"{screen.width}-{n};{'' if n >= last - WRONG else f'Città {n} S.r.l.'};01/02/2020;hunter2" for n in range(last)
    ]
    file = folder / f"clienti-{screen}.csv"
    file.write_bytes("\r\n".join(["Numero pratica;Ragione sociale;Cliente dal;Password FTP", *rows]).encode("cp1252"))
    return file


def look(page: Page) -> list[str]:
    return [*barriers(page), *([f"{page.url} scrolls sideways"] if scrolls_sideways(page) else [])]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_file_with_wrong_rows_and_whmcs_come_in(house: Provider, tmp_path: Path, screen: Screen) -> None:
    words = WORDS[screen.language]
    with browser(screen) as (context, complaints):
        page = context.new_page()
        page.goto(f"{house.url}/account/login/")
        page.fill("input[name=login]", f"{screen}@provider.example")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/desk/")
        page.goto(f"{house.url}/desk/imports/")
        found = look(page)

        page.set_input_files("input[type=file]", customers(tmp_path, screen))
        page.select_option("select[name=kind]", "customers")
        page.locator("form[enctype] button[type=submit]").click()
        expect(page.locator("select[name=column_name]")).to_have_value("Ragione sociale")
        expect(page.locator("#import")).to_contain_text("Password FTP")
        found += look(page)
        page.select_option("select[name=column_external_id]", "Numero pratica")
        page.locator("form[action$='/try'] button").click()

        carry_out = page.locator("form[action$='/go'] button")
        expect(carry_out).to_be_visible(timeout=PATIENCE)  # without a reload: the page follows
        expect(page.locator("#import > p [role=status]")).to_have_text(words["tried"])
        page.goto(f"{page.url}?shown=wrong")
        expect(page.locator("tbody tr")).to_have_count(WRONG)
        expect(page.locator("tbody tr").first).to_contain_text(words["why"])
        found += look(page)
        carry_out.click()
        expect(page.locator("#import > p [role=status]")).to_have_text(words["done"], timeout=PATIENCE)
        page.goto(f"{page.url}?shown=new")
        expect(page.locator(".tabs [aria-current] .count")).to_have_text(str(ROWS[screen.width] - WRONG))
        found += look(page)

        page.goto(f"{house.url}/desk/imports/")
        page.locator("form[action$='/sync'] button[name=trial]").click()
        expect(page.locator("#imports li").first).to_contain_text(words["tried"], timeout=PATIENCE)
        newest = page.locator("#imports li a").first.get_attribute("href")  # a click may meet the list as it is renewed
        page.goto(f"{house.url}{newest}")
        # The file's customers: this system lists none of them.
        expect(page.locator(".tabs a", has_text=words["waits"])).to_be_visible()
        page.goto(f"{page.url}?shown=new")
        expect(page.locator("tbody tr")).to_have_count(9)  # and a server that is known already
        found += look(page)
        assert (found, complaints) == ([], [])
        assert "hunter2" not in page.content()
