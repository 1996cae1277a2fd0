"""The encrypted store of backups: restic, driven by its command line and its JSON. A folder, or an address of restic's such as s3:https://..."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sportello.config import variables
from sportello.config.backups import children
from sportello.config.env import SettingError

TAG = "sportello"
_NOT_WHOLE = 3
"""restic's exit code when it keeps a backup without files that it could not read."""
_SNAPSHOT_ID = re.compile(r"[0-9a-f]{8,64}")
_NO_LOCK = "unable to create lock"
# Words of restic's that tell one refusal from another; each with the sentence that a person can act on.
_REFUSALS = (
    ("wrong password or no key found", "The password in SPORTELLO_BACKUP_PASSWORD is not the one of this store."),
    (
        "is already locked",
        "Another backup is at work on this store: wait for it. One that died on another machine gives way after half an hour.",
    ),
    ("no space left on device", "The disk of the store is full."),
    (
        _NO_LOCK,
        "The store cannot be written to: its disk is full or read only, or belongs to somebody else.",
    ),
)
_ABSENT = ("Is there a repository at the following location", "config file does not exist", "does not exist")


# How far it is, said a hundred seconds apart, and not sixty times a second: that would look like work to whoever watches.
_SELDOM = {"RESTIC_PROGRESS_FPS": "0.01"}


class DamagedError(Exception):
    """The store, or a backup in it, is not what was once written there. Its text is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One backup in the store. `paths` are the folders that it holds, as they were named on the machine it was taken on."""

    id: str
    taken_at: datetime
    host: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vault:
    """A store and what opens it."""

    address: str
    password: str
    key_id: str = ""
    secret: str = ""

    def is_there(self) -> bool:
        """Whether the store was ever made. Raises SettingError when it is there and cannot be opened, or cannot be reached."""
        asked = self._ask("--no-lock", "cat", "config")
        if asked.returncode == 0:
            return True
        if any(words in asked.stderr for words in _ABSENT) and "wrong password" not in asked.stderr:
            return False
        raise _refusal(asked.stderr)

    def make(self) -> None:
        self._do("init")

    def forget_the_dead(self) -> None:
        """Take away the locks of backups that were killed; without it none would end well until a person did. The living keep theirs."""
        self._do("unlock")

    def keep(self, folders: Sequence[Path]) -> tuple[str, str]:
        """Put the folders into the store as one backup; its id, and the first file that could not be read, if any. Raises SettingError."""
        asked = self._ask("backup", "--tag", TAG, "--host", TAG, "--exclude", ".new-*", *map(str, folders))
        if asked.returncode not in {0, _NOT_WHOLE}:
            raise _refusal(asked.stderr)
        unread = _unread(asked.stderr) if asked.returncode else ""
        return str(_last_message(asked.stdout, "summary")["snapshot_id"]), unread

    def forget(self, snapshot: str) -> None:
        """One that is not whole must not be the newest."""
        self._do("forget", snapshot)

    def snapshots(self) -> list[Snapshot]:
        """Ours, the oldest first."""
        return sorted(
            map(_snapshot, json.loads(self._do("--no-lock", "snapshots", "--tag", TAG)) or []),
            key=lambda one: one.taken_at,
        )

    def snapshot(self, wanted: str) -> Snapshot:
        """The one whose id begins so, or the newest for `latest`. Raises SettingError when there is none."""
        found = self.snapshots()
        if not found:
            raise SettingError(f"There is no backup of Sportello in {self.address}.")
        if wanted == "latest":
            return found[-1]
        fits = [one for one in found if _SNAPSHOT_ID.fullmatch(wanted) and one.id.startswith(wanted)]
        if len(fits) != 1:
            raise SettingError(
                f"There is no backup {wanted!r} in {self.address}; `sportello restore --list` shows those there are."
            )
        return fits[0]

    def size(self, snapshot: Snapshot) -> int:
        """Bytes of all that is in it, once it is written out."""
        return int(json.loads(self._do("--no-lock", "stats", "--mode", "restore-size", snapshot.id))["total_size"])

    def fetch(self, snapshot: Snapshot, target: Path) -> None:
        """Write the backup's folders under `target`. SettingError without room; DamagedError: restic checks each piece by its hash."""
        restore = ["restore", snapshot.id, "--target", str(target)]
        asked = self._ask(*restore)
        if (
            _NO_LOCK in asked.stderr
        ):  # after a minute of tries: a disk that can only be read, from which nobody takes anything away meanwhile
            asked = self._ask("--no-lock", *restore)
        if asked.returncode == 0:
            return
        if "no space left on device" in asked.stderr:
            raise SettingError(f"The disk of {target} has no room for the whole backup. Nothing was changed.")
        raise DamagedError(f"The backup {snapshot.id[:8]} cannot be read whole: {_refusal(asked.stderr)}")

    def check(self, *, all_data: bool) -> None:
        """Look through the store's own books, or through every byte of it. Raises DamagedError; SettingError when it could not look."""
        asked = self._ask("check", *(["--read-data"] if all_data else []))
        if asked.returncode != 0:
            if _sentence_for(asked.stderr):
                raise _refusal(asked.stderr)
            raise DamagedError(f"The store {self.address} is damaged: {_last_line(asked.stderr)}")

    def forget_all_but(self, newest: int) -> None:
        self._do("forget", "--tag", TAG, "--group-by", "", "--keep-last", str(newest), "--prune")

    def _do(self, *arguments: str) -> str:
        asked = self._ask(*arguments)
        if asked.returncode != 0:
            raise _refusal(asked.stderr)
        return asked.stdout

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = shutil.which("restic")
        if program is None:
            raise SettingError("The program restic is not installed: apt-get install restic.")
        quiet = [] if arguments[0] == "backup" else ["--quiet"]
        try:
            return children.run([program, "--json", *quiet, *arguments], environment=self._environment())
        except children.StoodStillError as error:
            raise SettingError(
                f"restic {arguments[0]} stood still: {error}. Look at the store {self.address}."
            ) from None

    def _environment(self) -> dict[str, str]:
        ours = {"RESTIC_REPOSITORY": self.address, "RESTIC_PASSWORD": self.password}
        if self.key_id:
            ours |= {"AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret}
        return {**os.environ, **_SELDOM, **ours}


def configured() -> Vault:
    """The store of the settings. Raises SettingError when it is not set."""
    address, password = variables.BACKUP_REPOSITORY.read(), variables.BACKUP_PASSWORD.read()
    if not address:
        raise SettingError(
            "SPORTELLO_BACKUP_REPOSITORY is not set: the folder, or s3:https://SERVER/BUCKET, that keeps the backups."
        )
    if not password:
        raise SettingError(
            "SPORTELLO_BACKUP_PASSWORD_FILE is not set: backups are always encrypted, and without its password none can be read."
        )
    return Vault(address, password, variables.BACKUP_ACCESS_KEY.read(), variables.BACKUP_ACCESS_SECRET.read())


def _snapshot(raw: dict[str, Any]) -> Snapshot:
    """restic writes nanoseconds, which Python does not read."""
    taken = re.sub(r"(\.\d{6})\d+", r"\1", str(raw["time"]))
    return Snapshot(str(raw["id"]), datetime.fromisoformat(taken), str(raw["hostname"]), tuple(raw["paths"]))


def _last_message(said: str, kind: str) -> dict[str, Any]:
    messages = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    found: dict[str, Any] = [message for message in messages if message.get("message_type") == kind][-1]
    return found


def _unread(said: str) -> str:
    messages = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return next((str(message["item"]) for message in messages if message.get("item")), _last_line(said))


def _refusal(words: str) -> SettingError:
    return SettingError(_sentence_for(words) or f"restic says: {_last_line(words)}")


def _sentence_for(words: str) -> str:
    return next((sentence for sign, sentence in _REFUSALS if sign in words), "")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("{", "Is there"))]
    return (telling or lines or ["nothing"])[-1].removeprefix("Fatal: ")[:300]
