"""The store of backups as restic keeps it, in a folder and in a bucket, also after a backup was killed in the middle (R25)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from sportello.config.backups import taking
from sportello.config.backups.vault import Vault
from sportello.config.env import SettingError
from sportello.core import clock, files
from sportello.privacy.models import Download
from tests.config.house import until
from tests.config.servers import url_of
from tests.factories import make_contact
from tests.servers import bucket

pytestmark = [pytest.mark.system, pytest.mark.needs("restic"), pytest.mark.timeout(300)]


@contextmanager
def _backup_without_end(vault: Vault, *, locks: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another backup on the same store, which holds its lock for as long as nobody ends its input."""
    environment = {**os.environ, "RESTIC_REPOSITORY": vault.address, "RESTIC_PASSWORD": vault.password}
    command = ["restic", "--quiet", "backup", "--stdin"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as other:
        try:
            until(lambda: any(locks.iterdir()), seconds=60, what="the other backup holds its lock")
            yield other
        finally:
            other.kill()


def _made(folder: Path) -> Vault:
    vault = Vault(str(folder), "kept-in-two-places")
    vault.make()
    return vault


def _something(folder: Path) -> Path:
    folder.mkdir()
    (folder / "dump").write_bytes(b"rows")
    return folder


def test_r25_a_backup_that_was_killed_stands_in_nobodys_way(tmp_path: Path) -> None:
    vault = _made(tmp_path / "store")
    with _backup_without_end(vault, locks=tmp_path / "store" / "locks"):
        pass
    vault.forget_the_dead()
    vault.keep([_something(tmp_path / "stage")])
    vault.check(all_data=False)
    vault.forget_all_but(1)
    assert len(vault.snapshots()) == 1


def test_r25_a_backup_at_work_keeps_its_lock_and_is_not_called_damage(tmp_path: Path) -> None:
    vault = _made(tmp_path / "store")
    with _backup_without_end(vault, locks=tmp_path / "store" / "locks"):
        vault.forget_the_dead()
        with pytest.raises(SettingError, match="Another backup is at work"):
            vault.check(all_data=False)


def test_r25_the_backups_of_a_store_that_can_only_be_read_are_listed(tmp_path: Path) -> None:
    """A fault found: on a disk that was mounted so none could be listed or restored. That one is restored takes restic a minute of tries."""
    vault = _made(tmp_path / "store")
    vault.keep([_something(tmp_path / "stage")])
    locks = tmp_path / "store" / "locks"
    locks.rmdir()
    locks.write_text("no folder: not even root makes a file in it")
    assert vault.is_there()
    assert len(vault.snapshots()) == 1


def test_r25_a_bucket_keeps_backups_as_a_folder_does(tmp_path: Path) -> None:
    with bucket.serving() as address:
        vault = Vault(f"s3:{address}/{bucket.BUCKET}/backups", "kept-in-two-places", bucket.KEY, bucket.SECRET)
        assert not vault.is_there()
        vault.make()
        assert vault.is_there()
        vault.keep([_something(tmp_path / "stage")])
        vault.check(all_data=True)
        vault.fetch(vault.snapshot("latest"), tmp_path / "back")
    assert [one.name for one in (tmp_path / "back").rglob("*") if one.is_file()] == ["dump"]
    assert (tmp_path / "back" / str(tmp_path / "stage").lstrip("/") / "dump").read_bytes() == b"rows"


class _Erasing(Vault):
    """While it copies the files, the only one is erased with what names it."""

    def keep(self, folders: Sequence[Path]) -> tuple[str, str]:
        for download in Download.objects.all():
            download.delete()
            files.remove(download.sha256)
        return super().keep(folders)


@pytest.mark.django_db(transaction=True)
def test_r25_a_file_that_is_erased_while_the_others_are_copied_spoils_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """A fault found: the backup named the file without having it, and so could not be restored at all."""
    monkeypatch.setenv("SPORTELLO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", url_of(connection.settings_dict["NAME"]))
    here = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = {**settings.STORAGES, "default": here}
    Download.objects.create(contact=make_contact(), asked_at=clock.now(), sha256=files.put(b"all that is known of you"))
    vault = _Erasing(str(tmp_path / "store"), "kept-in-two-places")
    assert taking.take(vault).manifest.files == ()
    assert len(vault.snapshots()) == 1


def test_r25_a_backup_in_which_a_file_could_not_be_read_says_so(tmp_path: Path) -> None:
    """A fault found: it stayed in the store as the newest, which a restore then took and refused."""
    vault = _made(tmp_path / "store")
    stage = _something(tmp_path / "stage")
    snapshot, unread = vault.keep([stage, Path("/proc/self/mem")])  # which root cannot read either
    assert "/proc/self/mem" in unread
    vault.forget(snapshot)
    assert vault.snapshots() == []
