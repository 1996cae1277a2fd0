"""A real Dovecot in a folder of its own: its own configuration, a free port, one user, nothing of the machine's."""

from __future__ import annotations

import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from tests.ports import free_port

USER = "assistenza"
PASSWORD = "segreta-di-prova"
OWNER = "mail"  # the system user of Debian's that owns mail

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = {host}
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{home}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/home/%u
}}
imap_idle_notify_interval = 1 min
mail_max_userip_connections = 50
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
{more}
"""


def missing() -> str:
    """Why Dovecot cannot be started here; empty when it can."""
    if not shutil.which("dovecot"):
        return "Dovecot is not installed (apt-get install dovecot-imapd)"
    return "" if os.geteuid() == 0 else "only root can start Dovecot"


class Dovecot:
    def __init__(self, more: str = "", *, host: str = "127.0.0.1") -> None:
        self.home = Path(tempfile.mkdtemp(prefix="sportello-dovecot-"))
        self.port = free_port()
        self._more = more
        self._host = host
        self._owner = pwd.getpwnam(OWNER)

    def __enter__(self) -> Self:
        self.home.chmod(0o755)
        for name in ("mail", "home"):
            (self.home / name).mkdir()
            shutil.chown(self.home / name, OWNER, OWNER)
        values = {"home": self.home, "host": self._host, "port": self.port, "password": PASSWORD, "more": self._more}
        configuration = CONFIGURATION.format(**values, uid=self._owner.pw_uid, gid=self._owner.pw_gid)
        (self.home / "dovecot.conf").write_text(configuration)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home)

    def start(self) -> None:
        self._process = subprocess.Popen(["dovecot", "-F", "-c", str(self.home / "dovecot.conf")])
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                socket.create_connection((self._host, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"Dovecot did not start: {(self.home / 'log').read_text()}")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)

    @property
    def inbox(self) -> Path:
        return self.home / "mail" / USER

    def client(self) -> imaplib.IMAP4:
        """Somebody else's mail program on the same mailbox."""
        client = imaplib.IMAP4(self._host, self.port)
        client.login(USER, PASSWORD)
        client.select("INBOX")
        return client

    def append(self, *mails: bytes) -> None:
        """New mail, as the server delivers it."""
        client = self.client()
        for mail in mails:
            status, answer = client.append("INBOX", "", "", mail)
            assert status == "OK", answer
        client.logout()

    def fill(self, mails: list[bytes]) -> None:
        """Many mails at once, laid into the folder from behind."""
        new = self.inbox / "new"
        for folder in (self.inbox, new, self.inbox / "cur", self.inbox / "tmp"):
            folder.mkdir(parents=True, exist_ok=True)
        for number, mail in enumerate(mails):
            (new / f"{1_790_000_000 + number}.{number}.test").write_bytes(mail)
        for path in [self.inbox, *self.inbox.rglob("*")]:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def flags(self) -> list[bytes]:
        client = self.client()
        _status, data = client.fetch("1:*", "(FLAGS)")
        client.logout()
        return [line for line in data if isinstance(line, bytes)]

    def change_uidvalidity(self) -> None:
        """What a restored backup or a rebuilt mailbox does: every UID means something else."""
        self.stop()
        uids = self.inbox / "dovecot-uidlist"
        text = re.sub(rb"V(\d+)", lambda match: b"V%d" % (int(match.group(1)) + 1), uids.read_bytes(), count=1)
        uids.write_bytes(text)
        for index in self.inbox.glob("dovecot.index*"):
            index.unlink()
        self.start()
