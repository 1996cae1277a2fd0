"""The store of backups as restic keeps it, in a folder and in a bucket, also after a backup was killed in the middle (R25)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sportello.config.backups.vault import Vault
from sportello.config.env import SettingError
from tests.config.house import until
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
