"""A real Postfix in a folder of its own: takes mail by SMTP, hands ours over by LMTP, keeps a customer's in a Maildir."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from tests.ports import free_port

OURS, CUSTOMERS, NOBODYS = "provider.example", "customer.example", "nobody.example"
OWNER = "mail"
DAEMONS = "/usr/lib/postfix/sbin"

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.provider.example
myorigin = mx.provider.example
mydestination =
alias_maps =
local_recipient_maps =
smtp_dns_support_level = disabled
relay_domains = provider.example, nobody.example
relay_transport = lmtp:inet:127.0.0.1:{lmtp_port}
virtual_mailbox_domains = customer.example
virtual_mailbox_base = {home}
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
transport_maps = inline:{{ {{nobody.example = lmtp:inet:127.0.0.1:{lmtp_port}}} }}
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
destination_concurrency_failed_cohort_limit = 1000
transport_retry_time = 1s
lmtp_destination_concurrency_limit = 4
biff = no
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def missing() -> str:
    """Why Postfix cannot be started here; empty when it can."""
    if not Path(DAEMONS, "master").exists():
        return "Postfix is not installed (apt-get install postfix)"
    return "" if os.geteuid() == 0 else "only root can start Postfix"


class Postfix:
    """`lmtp_port` is where the mail door is, or will be."""

    def __init__(self, lmtp_port: int) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="sportello-postfix-"))
        self.port = free_port()
        self._lmtp_port = lmtp_port

    def __enter__(self) -> Self:
        self.home.chmod(0o755)
        owner = pwd.getpwnam(OWNER)
        self._folder("etc", "root")
        self._folder("spool", "root")
        self._folder("data", "postfix")
        self._folder("inbox", OWNER)
        values = {"home": self.home, "daemons": DAEMONS, "port": self.port, "lmtp_port": self._lmtp_port}
        for name, text in (("main.cf", MAIN), ("master.cf", MASTER)):
            written = text.format(**values, uid=owner.pw_uid, gid=owner.pw_gid)
            (self.home / "etc" / name).write_text(written)
        self._run("start")
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._run("stop")
        shutil.rmtree(self.home)

    def _folder(self, name: str, owner: str) -> None:
        (self.home / name).mkdir()
        shutil.chown(self.home / name, owner)

    def _run(self, command: str) -> None:
        subprocess.run(["postfix", "-c", str(self.home / "etc"), command], check=True, capture_output=True, timeout=60)

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"Postfix did not start: {(self.home / 'log').read_text()}")

    def log(self) -> str:
        return (self.home / "log").read_text()

    def put_off(self, words: str) -> int:
        """How many mails were refused at least once with these words. The queue forgets them for as long as it tries a mail again."""
        return len(set(re.findall(rf": (\w+): to=.*status=deferred .*{re.escape(words)}", self.log())))

    def queue(self) -> str:
        """What waits to be handed over."""
        command = ["postqueue", "-c", str(self.home / "etc"), "-p"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def inbox(self) -> list[bytes]:
        """The customer's mails."""
        return [path.read_bytes() for path in sorted((self.home / "inbox" / "new").glob("*"))]
