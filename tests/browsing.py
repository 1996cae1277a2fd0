"""A real Chromium at the sizes and in the themes that people use, and what it complains of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium-headless-shell"
expect.set_options(timeout=60_000)  # milliseconds that a busy machine may take; what comes at once waits for nothing
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]


_GIVE = """([kind, name, field, size]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(["x".repeat(size)], name, { type: "text/plain" }));
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: transfer })
    : new DragEvent("drop", { ...options, dataTransfer: transfer });
  document.querySelector(field).dispatchEvent(event);
}"""


def give_file(page: Page, kind: str, name: str, *, field: str, size: int = 1) -> None:
    """As somebody does who drops a file of so many bytes on a field, or pastes it there."""
    page.evaluate(_GIVE, [kind, name, field, size])


@dataclass(frozen=True, slots=True)
class Screen:
    width: int
    theme: str
    language: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{self.language}"


SCREENS = (
    Screen(1360, "light", "it"),
    Screen(390, "dark", "en"),
    Screen(1360, "dark", "en"),
    Screen(390, "light", "it"),
)


@contextmanager
def browser(screen: Screen, *, without: Sequence[str] = ()) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A fresh browser profile; the list grows with every policy violation and script error of its pages.

    `without` takes away options that the driver gives to a browser by itself.
    """
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("console", lambda message: complaints.extend(_violation(message)))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, ignore_default_args=list(without))
        context = chromium.new_context(
            viewport={"width": screen.width, "height": 900},
            color_scheme="dark" if screen.theme == "dark" else "light",
            locale="it-IT" if screen.language == "it" else "en-GB",
        )
        context.on("page", listen)
        context.set_default_timeout(60_000)
        yield context, complaints
        chromium.close()


def _violation(message: ConsoleMessage) -> list[str]:
    words = message.text
    return [words] if "Policy" in words or "Refused" in words or "TrustedHTML" in words else []


def barriers(page: Page) -> list[str]:
    """What keeps people out, of the serious and critical kinds (axe-core, WCAG 2.2 A and AA)."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
