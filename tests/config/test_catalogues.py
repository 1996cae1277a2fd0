"""The Italian catalogue is complete: every text of the code is in it, translated, and none is doubtful. English is the source."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from sportello.config import PACKAGE, catalogues

CATALOGUES = sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/*.po"))


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as makemessages would leave them, in a copy of the sources."""
    copy = tmp_path_factory.mktemp("sources") / "sportello"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    (copy / "locale").mkdir(exist_ok=True)
    for domain in ("django", "djangojs"):
        command = [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "--domain",
            domain,
            "--locale",
            "it",
            "--no-obsolete",
            "--no-location",
        ]
        subprocess.run(command, cwd=copy, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin"})
    return copy / "locale"


@pytest.mark.needs("xgettext")
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_text_is_translated_into_italian(gathered: Path, domain: str) -> None:
    file = gathered / "it" / "LC_MESSAGES" / f"{domain}.po"
    missing = [message.id for message in _messages(file) if not _translated(message)] if file.exists() else []
    assert missing == []


@pytest.mark.needs("msgfmt")
def test_placeholders_and_plurals_agree_with_the_source() -> None:
    for file in CATALOGUES:
        command = ["msgfmt", "--check", "--output-file=/dev/null", str(file)]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (found.returncode, found.stderr) == (0, "")


def test_the_catalogue_is_compiled_and_newer_than_its_source() -> None:
    assert CATALOGUES
    for source, made in zip(CATALOGUES, catalogues.compile_all(), strict=True):
        assert made.stat().st_mtime_ns >= source.stat().st_mtime_ns


def _messages(file: Path) -> Catalog:
    with file.open("rb") as words:
        return read_po(words, locale="it")


def _translated(message: Message) -> bool:
    words = message.string if isinstance(message.string, tuple) else (message.string,)
    return not message.id or (all(words) and not message.fuzzy)
