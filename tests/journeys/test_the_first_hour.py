"""The first hour as a new administrator lives it: from `sportello setup` to the first answered ticket, by the keyboard alone."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Page, expect

from tests.browsing import Screen, barriers, browser, scrolls_sideways
from tests.config.house import House
from tests.journeys.provider import Postbox, Provider, letter
from tests.ports import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.slow(110),
    pytest.mark.needs("chromium-headless-shell", "restic"),
    pytest.mark.timeout(900),
]

OURS = "support@provider.example"
ADMIN = "giulia@provider.example"
PASSWORD = "in-the-first-hour-2026"
CUSTOMER = "laura@doria.example"
SUBJECT = "Il sito non si apre"
ANSWER = "Gentile Laura, il sito è di nuovo in linea."
FILES = {
    "customers": "external_id,name\n1,Ceramiche Doria Srl\n",
    "contacts": f"external_id,customer,name,address\n1,1,Laura Doria,{CUSTOMER}\n",
    "services": "external_id,customer,name,kind\n1,1,doria.example,hosting\n",
}


@dataclass
class MailServer(Postbox):
    """The provider's: what is for our own address comes back by LMTP, the rest goes into the world."""

    lmtp_port: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if envelope.rcpt_tos != [OURS]:
            return await super().handle_DATA(server, session, envelope)
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as door:
            door.sendmail(envelope.mail_from or "", [OURS], envelope.original_content or b"")
        return "250 handed over"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Provider]:
    """Set up by the command alone, with a mail server on this machine."""
    port = free_port()
    world = MailServer()
    server = Controller(world, hostname="127.0.0.1", port=port)
    server.start()
    settings = {
        "SPORTELLO_SMTP_HOST": "127.0.0.1",
        "SPORTELLO_SMTP_PORT": str(port),
        "SPORTELLO_WEB_WORKERS": "1",
        "SPORTELLO_BACKUP_REPOSITORY": str(tmp_path / "store"),
        "SPORTELLO_BACKUP_PASSWORD": PASSWORD,
    }
    house = House(tmp_path, extra=settings)
    world.lmtp_port = house.ports[2]
    answers = ["--name", "Rete Serena", "--admin-mail", ADMIN, "--admin-name", "Giulia Rinaldi", "--password-file", "-"]
    promised = ["--support-address", OURS, "--telephone", "06 1234567", "--hours", "24/7", "--promise", "10,60,240"]
    try:
        said = house.run("setup", "--no-input", *answers, *promised, stdin=f"{PASSWORD}\n".encode())
        assert said.returncode == 0, said.stdout + said.stderr
        house.up()
        yield Provider(house, world)
        house.stop()
    finally:
        house.clear()
        server.stop()


def press(page: Page, name: str, *, within: str = "#page") -> None:
    """Tab to what is called so, and Enter."""
    wanted = page.locator(f"{within} :is(a, button, summary)").filter(has_text=name).first
    expect(wanted).to_be_visible()
    for _ in range(250):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_a_new_administrator_comes_to_the_first_answer(house: Provider, tmp_path: Path) -> None:
    with browser(Screen(1360, "light", "it")) as (context, complaints):
        page = context.new_page()
        sign_in(page, house)
        press(page, "La prima ora", within="#standing")
        page.wait_for_url("**/first-hour/")
        found = barriers(page)
        for step in ("policy", "people"):
            press(page, "Va bene così", within=f"#step-{step}")
            expect(page.locator(f"#step-{step} .chip")).to_have_text("completato")

        for kind, content in FILES.items():
            file = tmp_path / f"{kind}.csv"
            file.write_text(content, encoding="utf-8")
            said = house.house.run("import", kind, str(file))
            assert said.returncode == 0, said.stdout + said.stderr
        house.hand_in(letter(CUSTOMER, SUBJECT, "Buongiorno,\n\nda stamattina il sito non si apre.\n\nLaura"))
        expect(page.locator("#step-mailbox .chip")).to_have_text("completato", timeout=120_000)

        press(page, "Inviare ora le mail di prova", within="#step-ready")
        expect(page.locator("#step-ready")).to_contain_text("la mail di prova è tornata", timeout=120_000)
        assert house.postbox.got == [], "nothing is sent to anyone until the provider says so"

        press(page, "Invio", within="#step-sending")
        page.wait_for_url("**/sending/")
        expect(page.locator("#page")).to_contain_text(SUBJECT, timeout=120_000)
        found += barriers(page)
        press(page, "Attivare, e inviare ciò che è trattenuto")
        expect(page.locator("#page")).to_contain_text("L’invio è attivo")
        house.postbox.wait_for(SUBJECT)

        page.goto(f"{house.url}/desk/")
        press(page, SUBJECT)
        page.wait_for_url("**/desk/tickets/**")
        page.keyboard.press("r")
        page.keyboard.type(ANSWER)
        page.keyboard.press("Control+Enter")
        assert house.postbox.wait_for(ANSWER)["To"].addresses[0].addr_spec == CUSTOMER
        said = house.house.run("backup")
        assert said.returncode == 0, said.stdout + said.stderr
        page.goto(f"{house.url}/desk/settings/first-hour/")
        expect(page.locator("#first-hour")).to_contain_text("Tutto è completato", timeout=120_000)
    found += _on_a_telephone(house)
    assert found == []
    assert complaints == []


def _on_a_telephone(house: Provider) -> list[str]:
    with browser(Screen(390, "dark", "en")) as (context, complaints):
        page = context.new_page()
        sign_in(page, house)
        page.goto(f"{house.url}/account/")
        page.select_option("select[name=language]", "en")
        page.locator("form:has(select[name=language]) button").first.click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.goto(f"{house.url}/desk/settings/first-hour/")
        expect(page.locator("#first-hour")).to_contain_text("All is done")
        found = barriers(page)
        assert not scrolls_sideways(page)
    return [*found, *complaints]


def sign_in(page: Page, house: Provider) -> None:
    page.goto(f"{house.url}/account/login/")
    page.fill("input[name=login]", ADMIN)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/")
