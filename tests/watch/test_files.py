"""A file that is missing, cut or altered is noticed, told and mended (R27)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection
from pytest_django.fixtures import Settings

from sportello.core import files
from sportello.tickets.actions import NewFile, hold_files
from sportello.watch import actions, queries
from sportello.watch.enums import Inspection
from sportello.watch.named import NAMED_FILES
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
CONTENT = b"a picture of the error" * 1000


@pytest.fixture(autouse=True)
def _store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "sportello.core.files.DurableFileStorage", "OPTIONS": {"location": str(tmp_path)}},
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
    (folder,) = tmp_path.iterdir()
    away = folder.rename(tmp_path / "away")
    folder.write_text("no folder")
    with pytest.raises(files.FileStoreAway):
        actions.check_files()
    assert queries.last_inspection(Inspection.FILES) == seen
    folder.unlink()
    away.rename(folder)
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
