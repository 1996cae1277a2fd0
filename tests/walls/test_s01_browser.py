"""Hostile content before a real Chromium: what was cleaned, in its own parser without any policy; and whole mails, in a started installation
with its policies (S01, S04, S05, S07, S09, S24). Nothing may run, nothing may be asked for, and no policy may have had anything to stop.
"""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.message import Message
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, sync_playwright

from sportello.mail.parsing.html import sanitise
from tests.browsing import CHROMIUM, FLAGS
from tests.config.house import until
from tests.faults import counts
from tests.faults.browser import Browser
from tests.faults.installation import AGENT, PASSWORD, SUPPORT, Installation, installation
from tests.faults.mail_server import Letter, MailServer
from tests.walls.hostile.canary import Canary, canary
from tests.walls.hostile.mails import hostile_mails, in_other_charsets
from tests.walls.hostile.markup import FAMILIES, everything, filled, spliced
from tests.walls.hostile.pages import harms_in
from tests.walls.hostile.tally import IS_LONG, Tally, sample

pytestmark = [
    pytest.mark.slow(60),
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.timeout(3000 if IS_LONG else 600),
]
Record = Callable[[str, object], None]

RUN = "console.log(/zq9/)"
BATCH = 500
SPLICES = 60_000 if IS_LONG else 2_000
MAILS = 300 if IS_LONG else 8
STOPPED = ("Policy", "Refused", "Trusted", "Blocked script", "sandbox")

# Puts each piece where the page is, as its frame does, and says what came of it.
LOOK = """(pieces) => pieces.map((piece) => {
  const place = document.createElement("div");
  document.body.append(place);
  place.innerHTML = piece;
  const odd = [];
  for (const element of place.querySelectorAll("*")) {
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml") odd.push(`${element.namespaceURI} ${element.localName}`);
    if (/^(script|style|link|iframe|object|embed|form|input|base|meta|svg|math|template)$/.test(element.localName)) odd.push(element.localName);
    for (const {name} of element.attributes)
      if (/^on|^style$|^id$|^name$|^class$|hx-|^srcset$|^srcdoc$/.test(name)) odd.push(`${element.localName} ${name}`);
    if (element.href && !/^(https?:|mailto:|tel:|about:)/.test(element.protocol)) odd.push(`${element.localName} ${element.href}`);
    if (element.src && !/^cid:/.test(element.src)) odd.push(`${element.localName} ${element.src}`);
  }
  place.remove();
  return odd;
})"""


class Watched:
    """A browser whose every word, question and request is noted."""

    def __init__(self, context: BrowserContext, allowed: Sequence[str]) -> None:
        self.context = context
        self.complaints: list[str] = []
        self._allowed = tuple(allowed)
        context.on("page", self._listen)
        context.on("request", lambda request: self._asked(request.url))

    def _listen(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("dialog", self._asked_in)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _said(self, message: ConsoleMessage) -> None:
        if "zq9" in message.text or any(word in message.text for word in STOPPED):
            self.complaints.append(f"console: {message.text[:300]}")

    def _asked_in(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _asked(self, url: str) -> None:
        if not url.startswith(self._allowed):
            self.complaints.append(f"request: {url[:200]}")

    def taken(self) -> list[str]:
        """What was noted since the last time."""
        noted, self.complaints = self.complaints, []
        return noted


@contextmanager
def watched(bird: Canary, *allowed: str) -> Iterator[Watched]:
    """The names in the payloads lead to the canary."""
    rules = f"--host-resolver-rules=MAP *.invalid 127.0.0.1:{bird.port}"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, rules])
        context = chromium.new_context(viewport={"width": 1360, "height": 900}, locale="en-GB", accept_downloads=True)
        context.set_default_timeout(60_000)
        yield Watched(context, allowed)
        chromium.close()


def test_s01_s05_s07_what_is_cleaned_does_nothing_in_a_browser_without_any_policy(record_property: Record) -> None:
    """Chromium's parser is the judge: no script, no handler, no request, no element that we do not show."""
    tally = Tally("S01/S05/S07 cleaned HTML in Chromium without a policy")
    with canary() as bird, watched(bird, "about:", "cid:") as browser:
        page = browser.context.new_page()
        page.goto("about:blank")
        vectors = [*everything(url=bird.url, run=RUN), *spliced(SPLICES, seed=9)]
        while batch := vectors[:BATCH]:
            del vectors[:BATCH]
            for (name, source), odd in zip(
                batch, page.evaluate(LOOK, [sanitise(source) for _, source in batch]), strict=True
            ):
                tally.add(f"{name}: {source!r}", odd)
            tally.wrong += browser.taken()
        page.wait_for_timeout(300)
        tally.wrong += [*browser.taken(), *bird.hits]
    record_property("counted", str(tally))
    tally.settle()


# -- whole mails in a started installation ---------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as found:
        yield found


def letters(url: str) -> list[Letter]:
    every = [filled(source, url=url, run=RUN) for family in FAMILIES.values() for source in family]
    mails = list(hostile_mails(sample(every, MAILS)[:MAILS], url=url))
    strange = [
        ("charset@hostile.example", raw)
        for raw in in_other_charsets(
            f"<p>x</p><script>{RUN}</script><img src={url}/c onerror={RUN}>", "charset@hostile.example"
        )
    ]
    return [
        Letter(f"{number}", sender, raw if raw.endswith(b"\r\n") else raw + b"\r\n")
        for number, (sender, raw) in enumerate([*mails, *sample(strange, 3)])
    ]


def pages_of(desk: Installation) -> Iterator[str]:
    """Everywhere that something of a mail is shown."""
    yield from (
        "/desk/",
        "/desk/mail/",
        "/desk/outbox/",
        "/desk/search?q=script&all=1",
        "/desk/search?q=zq9&all=1",
        "/desk/customers/unknown/",
    )
    for (public_id,) in desk.ask("SELECT public_id FROM tickets_ticket ORDER BY id"):
        yield f"/desk/tickets/{public_id}/"
    for (public_id,) in desk.ask("SELECT public_id FROM tickets_message WHERE html <> '' ORDER BY id"):
        yield f"/desk/messages/{public_id}/html"
    for (public_id,) in desk.ask("SELECT public_id FROM mail_inboundmail ORDER BY id"):
        yield from (f"/desk/mail/{public_id}/", f"/desk/mail/{public_id}/source")


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/account/login/")
    page.fill("input[name=login]", AGENT)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/")


def look_at(page: Page, address: str, *, on_paper: bool) -> None:
    """The page with everything in it, also what is only loaded when one comes to it; and as it is printed."""
    if address.endswith("/source"):
        return
    page.goto(address)
    for frame in page.locator("iframe.foreign").all():
        frame.evaluate("frame => frame.scrollIntoView()")  # at once: the page may renew itself meanwhile
    page.wait_for_load_state("networkidle")
    if on_paper:
        page.emulate_media(media="print")
        printed = page.pdf()
        page.emulate_media(media="screen")
        assert b"root:x:0" not in printed


def harms_of_file(browser: Browser, public_id: object) -> Iterator[str]:
    """A file is saved, never shown, whatever is asked for."""
    for query in ("", "?inline=1", "?disposition=inline", "?type=text/html"):
        answer = browser.get(f"/desk/files/{public_id}{query}")
        headers = answer.headers
        if answer.status != 200 or not headers["Content-Disposition"].startswith("attachment"):
            yield f"{answer.status} {headers['Content-Disposition']}"
        if headers["X-Content-Type-Options"] != "nosniff" or not headers["Content-Security-Policy"].startswith(
            "sandbox; default-src 'none'"
        ):
            yield f"without walls: {headers}"
        if any(kind in headers["Content-Type"] for kind in ("html", "svg", "xml", "script", "css")):
            yield f"sent as {headers['Content-Type']}"


def harms_of_outgoing(raw: bytes) -> Iterator[str]:
    """A mail of ours holds no code, no picture and no address of the sender's."""
    message: Message = email.message_from_bytes(raw)
    if message.defects or len(message.get_all("To", [])) != 1 or "Bcc" in message:
        yield f"headers {message.keys()} {message.defects}"
    for each in message.walk():
        content: Any = each.get_payload(decode=True)
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        if each.get_content_type() == "text/html":
            yield from harms_in(text, foreign=True)
        if (
            "zq9.invalid" in text
            and each.get_content_type() == "text/html"
            and 'href="' in text
            and "zq9.invalid" in text.split('href="', 1)[1].split('"')[0]
        ):
            yield "a link of the sender's"


def test_s01_s04_s07_s09_s24_hostile_mails_in_a_started_desk(desk: Installation, record_property: Record) -> None:
    mails, files, outgoing = (
        Tally("S01/S07/S09 hostile mails before a browser"),
        Tally("S04 active files"),
        Tally("S24 outgoing mails"),
    )
    site = f"http://localhost:{desk.house.ports[0]}"
    with canary() as bird, watched(bird, site, f"http://localhost:{desk.house.ports[1]}", "blob:") as browser:
        sent = letters(bird.url)
        with MailServer(desk.lmtp_port, SUPPORT) as postfix:
            postfix.hand_over(sent)
            until(lambda: len(postfix.acknowledged) == len(sent), seconds=60, what="every mail is acknowledged")
            until(lambda: counts.waiting(desk) == 0, seconds=60 + len(sent), what="every mail is read")
        page = browser.context.new_page()
        sign_in(page, site)
        reader = Browser(desk)
        reader.sign_in()
        for number, path in enumerate(pages_of(desk)):
            look_at(page, f"{site}{path}", on_paper=number % 10 == 0)
            answer = reader.get(path)
            harms = [] if path.endswith("/source") else harms_in(answer.text, foreign=path.endswith("/html"))
            mails.add(path, [*harms, *browser.taken(), *([] if answer.status == 200 else [f"status {answer.status}"])])
        for (public_id,) in islice(
            desk.ask("SELECT public_id FROM tickets_attachment ORDER BY id"), 1_000 if IS_LONG else 24
        ):
            files.add(public_id, harms_of_file(reader, public_id))
        until(lambda: counts.unsent(desk) == 0, seconds=60, what="every answer is sent")
        for got in desk.world.got:
            outgoing.add(got.content[:200], harms_of_outgoing(got.content))
        mails.wrong += bird.hits
    mails.wrong += [str(row) for row in desk.ask("SELECT * FROM accounts_policyviolation")]
    for tally in (mails, files, outgoing):
        record_property("counted", str(tally))
    for tally in (mails, files, outgoing):
        tally.settle()
