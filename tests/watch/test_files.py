"""A file that is missing, cut or altered is noticed, told and mended (R27)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection
from pytest_django.fixtures import Settings

from sportello.config.backups import stock
from sportello.core import files
from sportello.tickets.actions import NewFile, hold_files
from sportello.watch import actions, queries, tasks
from sportello.watch.beating import StoreProbe
from sportello.watch.enums import Cause, Inspection
from sportello.watch.named import NAMED_FILES
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
CONTENT = b"a picture of the error" * 1000


@pytest.fixture(autouse=True)
def _store(settings: Settings, tmp_path: Path) -> None:
    _use(settings, tmp_path)


def _use(settings: Settings, folder: Path) -> None:
    settings.MEDIA_ROOT = folder
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "sportello.core.files.DurableFileStorage", "OPTIONS": {"location": str(folder)}},
    }


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [Path.unlink, lambda path: path.write_bytes(CONTENT[:100]), _flip],
    ids=["missing", "cut", "one bit"],
)
def test_r27_a_damaged_file_is_refused_told_and_mended(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    sha256 = files.put(CONTENT)
    path = tmp_path / sha256[:2] / sha256[2:4] / sha256
    with files.open_file(sha256) as file:
        assert file.read() == CONTENT
    harm(path)
    for read in (files.read, files.open_file):
        with pytest.raises(files.FileMissing):
            read(sha256)
    assert [str(problem.cause) for problem in queries.examine(now=datetime.now(UTC)).problems] == ["files_damaged"]
    assert actions.recheck_damaged() == 1
    assert files.put(CONTENT) == sha256
    assert actions.recheck_damaged() == 0
    assert queries.examine(now=datetime.now(UTC)).problems == ()
    assert storages["default"].size(f"{sha256[:2]}/{sha256[2:4]}/{sha256}") == len(CONTENT)


def test_r27_a_store_that_is_away_is_not_taken_for_damaged_files(tmp_path: Path) -> None:
    """A fault found: the nightly look at an S3 store that did not answer called every file damaged."""
    hold_files(contact=make_contact(), new=[NewFile("a.txt", "text/plain", CONTENT)], now=datetime.now(UTC))
    assert actions.check_files() == (1, [])
    seen = queries.last_inspection(Inspection.FILES)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    away = folder.rename(tmp_path / "away")
    folder.write_text("no folder")
    with pytest.raises(files.FileStoreAway):
        actions.check_files()
    assert queries.last_inspection(Inspection.FILES) == seen
    folder.unlink()
    away.rename(folder)
    assert actions.check_files() == (1, [])


def _hold() -> str:
    """A file that a row names; its sha256."""
    hold_files(contact=make_contact(), new=[NewFile("a.txt", "text/plain", CONTENT)], now=datetime.now(UTC))
    (name,) = queries.every_named_file()
    return name


def test_r04_r28_a_folder_whose_disk_is_not_mounted_is_a_store_that_is_away_and_nothing_is_written_into_it(
    settings: Settings, tmp_path: Path
) -> None:
    """A fault found: its files counted as missing, backups without them as good ones, and what came meanwhile was hidden below the disk later."""
    store = tmp_path / "files"
    _use(settings, store)
    name, probe = _hold(), StoreProbe("node")
    assert probe._try() == ""
    disk = store.rename(tmp_path / "disk")
    store.mkdir()
    asks: list[Callable[[], object]] = [
        partial(files.open_file, name),
        partial(files.is_whole, name),
        partial(files.remove, name),
        partial(files.put, b"what comes meanwhile"),
        partial(stock.folder, [name], mirror=tmp_path / "mirror"),
        actions.check_files,
    ]
    for ask in asks:
        with pytest.raises(files.FileStoreAway, match="not mounted"):
            ask()
    assert (probe._try(), [*store.iterdir()]) == (Cause.FILES_GONE, [])
    store.rmdir()
    disk.rename(store)
    assert (probe._try(), actions.check_files()) == ("", (1, []))


def test_r04_a_disk_that_was_not_mounted_before_the_first_file_came_is_missed_too(
    settings: Settings, tmp_path: Path
) -> None:
    _use(settings, tmp_path / "files")
    assert StoreProbe("node")._try() == ""
    _use(settings, tmp_path / "mount point")
    assert StoreProbe("node")._try() == Cause.FILES_GONE
    with pytest.raises(files.FileStoreAway):
        files.put(CONTENT)


@pytest.mark.parametrize("has_files", [True, False])
def test_r24_a_store_from_before_is_given_its_mark_where_it_has_the_files_that_rows_name(
    tmp_path: Path, has_files: bool
) -> None:
    name = _hold()
    (tmp_path / files.MARK).unlink()
    if not has_files:
        (tmp_path / name[:2] / name[2:4] / name).unlink()
    assert StoreProbe("node")._try() == ("" if has_files else Cause.FILES_GONE)
    assert (tmp_path / files.MARK).exists() == has_files


def test_r04_what_killed_writes_left_in_the_store_goes_after_a_day(tmp_path: Path) -> None:
    name, now = _hold(), datetime.now(UTC)
    folder = tmp_path / name[:2] / name[2:4]
    left = [folder / ".new-old", tmp_path / ".new-old", tmp_path / ".probe-a-1", folder / ".new-young"]
    for path in left:
        path.write_bytes(b"half")
        old = (now - timedelta(days=2)).timestamp()
        if "young" not in path.name:
            os.utime(path, (old, old))
    tasks.check_files(timestamp=int(now.timestamp()))
    assert [path.name for path in left if path.exists()] == [".new-young"]
    assert actions.check_files() == (1, [])


def test_a_file_that_was_given_up_troubles_nobody_until_it_is_back_and_lost_again(tmp_path: Path) -> None:
    """A fault found: one that no backup has made health bad for ever, and every backup a failure of its unit."""
    hold_files(contact=make_contact(), new=[NewFile("a.txt", "text/plain", CONTENT)], now=datetime.now(UTC))
    (name,) = queries.every_named_file()
    path = tmp_path / name[:2] / name[2:4] / name
    assert actions.give_up([name, "0" * 64], now=datetime.now(UTC)) == []
    path.unlink()
    assert actions.check_files() == (1, [name])
    assert actions.give_up([name], now=datetime.now(UTC)) == [name]
    actions.on_damaged_file(name)
    assert (actions.check_files(), actions.recheck_damaged(), sorted(queries.given_up())) == ((1, []), 0, [name])
    files.put(CONTENT)
    assert (actions.check_files(), sorted(queries.given_up())) == ((1, []), [])
    path.unlink()
    assert actions.check_files() == (1, [name])


def test_r25_no_column_that_could_name_a_file_is_unknown_to_the_backup() -> None:
    """Who adds one says here what it is, and writes it into NAMED_FILES when it names a file of the store."""
    known = {
        ("tickets_attachment", "sha256"): True,
        ("tickets_attachment", "preview_sha256"): True,
        ("mail_outboundmail", "attachments"): True,
        ("mail_rawmail", "sha256"): False,  # its bytes are in the row
        ("accounts_attempts", "key_sha256"): False,
        ("customers_signinlink", "secret_sha256"): False,
        ("customers_invitation", "secret_sha256"): False,
        ("customers_contactapp", "recovery_sha256"): False,
        ("presales_addresslink", "secret_sha256"): False,
        ("privacy_download", "sha256"): True,
        ("tickets_heldfile", "sha256"): True,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name ~ '(sha256|attachment|file)s?$'"
        )
        assert set(cursor.fetchall()) == set(known)
    assert [
        place for place, is_file in known.items() if is_file and not all(name in NAMED_FILES for name in place)
    ] == []
