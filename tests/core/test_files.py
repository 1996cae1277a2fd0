"""The file store: each content once, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from sportello.core import files
from sportello.core.files import DurableFileStorage, FileMissing


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "sportello.core.files.DurableFileStorage"}}
    files.mark()
    return tmp_path


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != files.MARK]


def test_what_was_put_is_read_under_its_hash(store: Path) -> None:
    sha256 = files.put(b"contenuto")

    assert sha256 == hashlib.sha256(b"contenuto").hexdigest()
    assert files.read(sha256) == b"contenuto"
    with files.open_file(sha256) as file:
        assert file.read() == b"contenuto"


def test_the_same_content_is_kept_once(store: Path) -> None:
    assert files.put(b"uguale") == files.put(b"uguale")

    assert len(stored(store)) == 1


def test_a_half_written_file_of_an_earlier_crash_is_written_again(store: Path) -> None:
    sha256 = files.put(b"intero")
    (path,) = stored(store)
    path.write_bytes(b"int")

    files.put(b"intero")

    assert files.read(sha256) == b"intero"


def test_a_write_that_fails_leaves_nothing_behind(store: Path) -> None:
    class Failing(ContentFile):  # type: ignore[type-arg]
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"inizio"
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        DurableFileStorage(location=store).save("a/b", Failing(b"x"))

    assert stored(store) == []


def test_damaged_content_is_not_given_out(store: Path) -> None:
    sha256 = files.put(b"vero")
    (path,) = stored(store)
    path.write_bytes(b"fals")

    with pytest.raises(FileMissing):
        files.read(sha256)


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "A" * 64, "0" * 64, "0" * 63 + "\n"])
def test_no_other_name_reaches_a_file(sha256: str) -> None:
    with pytest.raises(FileMissing):
        files.read(sha256)


def test_s50_no_folder_of_the_store_is_open_to_others(tmp_path: Path) -> None:
    DurableFileStorage(location=tmp_path / "files").save("ab/cd/abcd", ContentFile(b"x"))
    kept = [tmp_path / "files", *(tmp_path / "files").rglob("*")]
    assert [path for path in kept if path.stat().st_mode & 0o077] == []
    assert len(kept) == 4
