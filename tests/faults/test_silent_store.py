"""R04: the file store does not answer at all, as a disk of the network whose server is gone: whoever asks it hangs in the kernel.

A fault found: two mails with a file held both readers of a worker, and four answers with a file every page, for as long as it lasted.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from sportello.core import files, stalling
from sportello.core.files import FileStoreAway
from tests.config.house import until
from tests.faults import counts
from tests.faults.browser import Browser
from tests.faults.installation import SUPPORT, installation
from tests.faults.letters import letters
from tests.faults.mail_server import Letter, MailServer
from tests.faults.poison import attached

AT_ONCE = 6
"""More than a web process has threads for pages, and a worker has readers."""
FILE_KEPT = "SELECT count(*) FROM mail_inboundmail WHERE state = 'filed'"


@contextmanager
def hanging(disk: Path) -> Iterator[None]:
    subprocess.run(["fsfreeze", "--freeze", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["fsfreeze", "--unfreeze", str(disk)], check=True)


@contextmanager
def disk_at(place: Path, image: Path) -> Iterator[None]:
    with image.open("wb") as blank:
        blank.truncate(300 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    place.mkdir()
    subprocess.run(["mount", "-o", "loop", str(image), str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def with_a_file(number: int) -> Letter:
    raw = attached((b"text/plain", b"a.txt", b"file %d" % number))
    name = f"<file-{number}@poison.example>"
    return Letter(name, "anna@poison.example", f"Message-ID: {name}\r\n".encode() + raw)


@pytest.mark.system
@pytest.mark.needs("root", "fsfreeze", "mkfs.ext4")
@pytest.mark.slow(90)
@pytest.mark.timeout(900)
def test_r04_r28_a_store_that_hangs_holds_neither_pages_nor_other_mails_and_what_waits_is_filed_afterwards(
    tmp_path: Path,
) -> None:
    store = tmp_path / "store"
    with (
        disk_at(store, tmp_path / "image"),
        installation(tmp_path, SPORTELLO_FILES=str(store)) as desk,
        MailServer(desk.lmtp_port, SUPPORT) as postfix,
    ):
        browser = Browser(desk)
        browser.sign_in()
        with hanging(store):
            wait(postfix.hand_over([with_a_file(number) for number in range(AT_ONCE)]))
            wait(postfix.hand_over(letters(0, AT_ONCE)))
            until(lambda: desk.figure(FILE_KEPT) >= AT_ONCE, seconds=60, what="mails without a file are filed")
            ticket = desk.ask("SELECT public_id, version FROM tickets_ticket ORDER BY id LIMIT 1")[0]
            with ThreadPoolExecutor(2 * AT_ONCE) as at_once:
                form = {"text": "See the file.", "seen_version": str(ticket[1])}
                answers = [
                    at_once.submit(browser.send, f"/desk/tickets/{ticket[0]}/reply", form, ("a.txt", b"%d" % number))
                    for number in range(AT_ONCE)
                ]
                pages = [at_once.submit(browser.get, "/desk/") for _ in range(AT_ONCE)]
            assert {one.result().status for one in answers} == {503}
            assert {one.result().status for one in pages} == {200}
            until(lambda: "files_silent" in desk.house.health()["problems"], seconds=60, what="health names it")
        until(lambda: counts.waiting(desk) == 0, seconds=60, what="every mail is filed")
        until(lambda: desk.house.health()["problems"] == [], seconds=60, what="health is well")
        found = counts.of_mail(desk, postfix.acknowledged)
        assert found == counts.all_filed(2 * AT_ONCE)
        assert desk.figure("SELECT count(*) FROM tickets_attachment") == AT_ONCE


@pytest.mark.django_db
def test_r04_one_file_that_cannot_be_read_to_its_end_is_a_store_away_and_another_is_read(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "sportello.core.files.DurableFileStorage"}}
    silent, good = files.put(b"one"), files.put(b"two")
    (path,) = tmp_path.glob(f"*/*/{silent}")
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(files, "SECONDS", 0.2)
    monkeypatch.setattr(stalling, "BETWEEN_TRIALS_SECONDS", 0.0)
    for ask in (files.read, files.is_whole, lambda _: files.put(b"one")):
        with pytest.raises(FileStoreAway, match="no answer"):
            ask(silent)
    monkeypatch.undo()
    assert files.read(good) == b"two"
