"""A backup taken while mail comes in is one moment; restored elsewhere it is the same to the last row and file (R25)."""

from __future__ import annotations

import os
import shutil
import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from sportello.config.backups import stock
from sportello.core.files import MARK
from tests.config.house import House, until
from tests.faults.installation import SUPPORT, Installation, installation

pytestmark = [pytest.mark.system, pytest.mark.slow(60), pytest.mark.needs("restic"), pytest.mark.timeout(600)]

BEFORE, MEANWHILE, AFTER = 6, 30, 4
PASSWORD = "kept-in-two-places"
_TICKETS = "SELECT count(*) FROM tickets_ticket"
_UNIQUE = "SELECT count(DISTINCT message_id) FROM mail_inboundmail"
_FILED = "SELECT count(*) FROM mail_inboundmail WHERE state = 'filed'"
_RECEIPTS = "SELECT count(*) FROM mail_outboundmail"


def _letter(number: int) -> tuple[str, bytes]:
    """Sender and bytes: the very same whenever they are handed over again."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"c{number}@shop{number}.example", SUPPORT
    mail["Subject"], mail["Message-ID"] = f"Shop {number}", f"<backup-{number}@shop{number}.example>"
    mail.set_content("The shop does not open, see the file.")
    mail.add_attachment(os.urandom(50) + b"%d" % number, maintype="application", subtype="x-log", filename="log")
    return str(mail["From"]), mail.as_bytes()


def _hand_over(port: int, letters: list[tuple[str, bytes]]) -> None:
    with smtplib.LMTP("127.0.0.1", port) as door:
        for sender, content in letters:
            door.sendmail(sender, [SUPPORT], content)


def _keeping(store: str, **more: str) -> dict[str, str]:
    return {"SPORTELLO_BACKUP_REPOSITORY": store, "SPORTELLO_BACKUP_PASSWORD": PASSWORD, **more}


def _said(house: House, *arguments: str) -> tuple[int, str]:
    done = house.run(*arguments)
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """With mails whose receipts wait, since nobody takes them. Shared by those that keep its backups each in a store of their own."""
    with installation(tmp_path_factory.mktemp("waiting"), SPORTELLO_SMTP_PORT="1") as desk:
        _hand_over(desk.lmtp_port, [_letter(1), _letter(2)])
        until(lambda: desk.figure(_RECEIPTS) == desk.figure(_FILED) == 2, seconds=60, what="two receipts wait")
        yield desk


def _saved(desk: Installation, store: Path, *arguments: str) -> tuple[int, str]:
    desk.house.extra.update(_keeping(str(store)))
    return _said(desk.house, "backup", *arguments)


@contextmanager
def _elsewhere(folder: Path, extra: dict[str, str]) -> Iterator[House]:
    """Another machine: an empty folder, and what the manual says must be known: where the store is and its password."""
    folder.mkdir()
    house = House(folder, extra={"SPORTELLO_SELF_TEST_MINUTES": "0", "SPORTELLO_SMTP_PORT": "1", **extra})
    try:
        yield house
    finally:
        house.clear()


def _files(house: House, desk_names: list[str]) -> tuple[str, ...]:
    return stock.not_whole(desk_names, where=house.folder / "data" / "files")


def test_r25_a_backup_under_load_comes_back_equal_and_the_same_mails_again_double_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    store = tmp_path / "store"
    here = tmp_path / "here"
    here.mkdir()
    letters = [_letter(number) for number in range(BEFORE + MEANWHILE + AFTER)]
    with installation(here, **_keeping(str(store))) as desk:
        _hand_over(desk.lmtp_port, letters[:BEFORE])
        until(lambda: desk.figure(_FILED) == BEFORE, seconds=60, what="the first mails are filed")
        load = threading.Thread(target=_hand_over, args=(desk.lmtp_port, letters[BEFORE:-AFTER]))
        load.start()
        _killed_in_the_middle(desk.house)
        code, words = _said(desk.house, "backup", "--keep", "2")
        load.join()
        assert (code, "Backup" in words) == (0, True), words
        code, words = _said(desk.house, "restore", "--test")
        assert (code, "can be restored" in words, "all equal to what was saved" in words) == (0, True, True), words
        assert desk.ask(
            "SELECT found ? 'seconds', found ? 'failed_at' FROM watch_lastinspection WHERE kind = 'restore'"
        ) == [(True, False)]
        assert not (desk.house.folder / "data" / "restore").exists()
        _hand_over(desk.lmtp_port, letters[-AFTER:])
    with _elsewhere(tmp_path / "there", _keeping(str(store))) as house:
        code, words = _said(house, "restore")
        assert (code, "all equal to what was saved" in words) == (0, True), words
        record_property("restored", words.splitlines()[0])
        code, words = _said(house, "restore")
        assert (code, "The database is not empty" in words) == (1, True), words
        house.up()
        desk = Installation(house, _url(house))
        assert desk.figure(_FILED) >= BEFORE
        _hand_over(house.ports[2], letters)
        until(lambda: desk.figure(_FILED) == len(letters), seconds=90, what="every mail is filed once")
        assert (desk.figure(_UNIQUE), desk.figure(_TICKETS)) == (len(letters), len(letters))
        named = [name for (name,) in desk.ask("SELECT DISTINCT sha256 FROM tickets_attachment")]
        assert (len(named), _files(house, named)) == (len(letters), ())
        assert desk.figure("SELECT count(*) FROM django_session") == 0
        noted = "SELECT count(*) FROM watch_lastinspection WHERE kind = 'backup' AND found ? 'snapshot'"
        assert desk.figure(noted) == 1, (
            "a fault found: health complained that there was no backup, having just been made from one"
        )
        house.stop()


def _killed_in_the_middle(house: House) -> None:
    """What a backup leaves that was killed a moment ago."""
    stage = house.folder / "data" / "backup" / "sportello-backup"
    stage.mkdir(parents=True)
    (stage / "database.dump").write_bytes(b"the first half")


def _url(house: House) -> str:
    from sportello.config import embedded

    return embedded.cluster_in(house.folder / "data").url


def test_r25_what_waited_to_be_sent_is_held_back_and_said(waiting: Installation, tmp_path: Path) -> None:
    assert _saved(waiting, tmp_path / "store")[0] == 0
    with _elsewhere(tmp_path / "there", _keeping(str(tmp_path / "store"))) as house:
        code, words = _said(house, "restore")
        assert (code, "2 mails were waiting to be sent and are held back" in words) == (0, True), words
        house.up()
        desk = Installation(house, _url(house))
        assert desk.ask("SELECT state, last_answer LIKE 'held back%%' FROM mail_outboundmail") == [("held", True)] * 2
        house.stop()


def test_r25_while_files_are_missing_no_older_backup_is_removed(waiting: Installation, tmp_path: Path) -> None:
    """A fault found: some nights without the disk of the file store, and no backup had the files any more."""
    store = tmp_path / "store"

    def kept() -> int:
        return len([*(store / "snapshots").iterdir()])

    assert (_saved(waiting, store, "--keep", "1")[0], kept()) == (0, 1)
    files = waiting.house.folder / "data" / "files"
    away = files.rename(tmp_path / "away")
    code, words = _saved(waiting, store, "--keep", "1")
    assert (code, "has no mark" in words, kept(), files.exists()) == (1, True, 1, False), words
    files.mkdir()
    (files / MARK).touch()
    code, words = _saved(waiting, store, "--keep", "1")
    assert (code, "no older backup was removed" in words, kept()) == (3, True, 2), words
    shutil.rmtree(files)
    away.rename(files)
    assert (_saved(waiting, store, "--keep", "1")[0], kept()) == (0, 1)


def test_r25_a_store_that_is_wrong_or_damaged_is_refused_in_a_sentence(waiting: Installation, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert _saved(waiting, store)[0] == 0
    for pack in (path for path in (store / "data").rglob("*") if path.is_file()):
        content = bytearray(pack.read_bytes())
        content[len(content) // 2] ^= 1
        pack.chmod(0o600)
        pack.write_bytes(content)
    code, words = _said(waiting.house, "restore", "--test")
    assert (code, "cannot be read whole" in words, "Traceback" in words) == (1, True, False), words
    assert waiting.ask(
        "SELECT found->>'why' LIKE '%cannot be read whole%' FROM watch_lastinspection WHERE kind = 'restore'"
    ) == [(True,)]
    with _elsewhere(tmp_path / "there", _keeping(str(store))) as house:
        for changed, sentence in (
            ({"SPORTELLO_BACKUP_PASSWORD": "another"}, "is not the one of this store"),
            ({"SPORTELLO_BACKUP_REPOSITORY": str(tmp_path / "none")}, "There is no store of backups"),
            ({"SPORTELLO_BACKUP_REPOSITORY": ""}, "SPORTELLO_BACKUP_REPOSITORY is not set"),
        ):
            house.extra = {**_keeping(str(store)), **changed}
            code, words = _said(house, "restore")
            assert (code, sentence in words, "Traceback" in words) == (1, True, False), words
        house.extra = _keeping(str(store))
        code, words = _said(house, "restore")
        assert (code, "cannot be read whole" in words, "Traceback" in words) == (1, True, False), words
