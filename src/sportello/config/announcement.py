"""What `sportello up` prints when the first page can be had: where, who, and how to send a first mail."""

from __future__ import annotations

import http.client
import os
import shlex
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from sportello.config import addresses, census, kept, variables

PATIENCE_SECONDS = 20.0
"""After so long without a mail door the pages are announced all the same."""
_WILDCARDS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


class Announcement:
    """Printed once, as soon as the pages and the mail door answer."""

    def __init__(self, *, begun: float, database_url: str, demo: bool) -> None:
        """`begun` is the monotonic time at which the command was given."""
        self._begun = begun
        self._database_url = database_url
        self._demo = demo
        self._made = False

    def make_once(self) -> None:
        waited = time.monotonic() - self._begun
        if self._made or not web_answers() or not (door_answers() or waited > PATIENCE_SECONDS):
            return
        self._made = True
        print("\n".join(self._lines(census.take(self._database_url), waited)), flush=True)

    def _lines(self, found: census.Census, waited: float) -> Iterable[str]:
        yield ""
        yield f"  Sportello is ready after {waited:.1f} s:  {addresses.public_url()}/"
        yield f"  Staff sign in at:  {addresses.public_url()}/desk/"
        yield from self._logins(found)
        yield from _first_mail(found.mailbox)
        yield f"  What is wrong:     {own_command('doctor')}"
        yield "  Stop:              Ctrl-C"
        yield ""

    def _logins(self, found: census.Census) -> Iterable[str]:
        if not found.staff:
            yield f"  Set it up:         {own_command('setup')}"
        elif self._demo:
            password = addresses.demo_file().read_text(encoding="utf-8")
            for email, role in found.staff:
                yield f"  Sign in as:        {email}  {password}  ({role})"


def _first_mail(mailbox: str) -> Iterable[str]:
    if not mailbox:
        return
    host, port = _reachable(variables.LMTP_HOST.read()), variables.SMTP_IN_PORT.read()
    yield f"  A first mail:      {own_command('mail', 'send-test')}"
    if port:
        sender, server = "anna@example.com", f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        mail = rf"From: {sender}\nTo: {mailbox}\nSubject: Il sito non si apre\n\nPotete guardare?\n"
        curl = f"curl smtp://{server} --mail-from {sender} --mail-rcpt {mailbox} --upload-file -"
        yield f"    or with swaks:   swaks --server {server} --from {sender} --to {mailbox}"
        yield f"    or with curl:    printf '{mail}' | {curl}"


def own_command(*arguments: str) -> str:
    """A command of ours as it can be pasted into another terminal: the program that is there, with the settings that this one was given.

    A secret is left out, as everywhere; whoever gave one as a value, and not as a file, has to give it again.
    """
    beside = Path(sys.executable).with_name("sportello")
    program = [str(beside)] if beside.exists() else [sys.executable, "-m", "sportello"]
    return " ".join([*_given_settings(), shlex.join([_shortened(program[0]), *program[1:], *arguments])])


def _given_settings() -> Iterable[str]:
    """The settings of this process, as words before a command; files by their whole path, for the other terminal may stand elsewhere."""
    for setting in variables.ALL:
        file, value = os.environ.get(f"{setting.name}_FILE", "").strip(), os.environ.get(setting.name, "").strip()
        if file:
            yield f"{setting.name}_FILE={shlex.quote(str(Path(file).absolute()))}"
        elif value and not setting.secret and not kept.was_loaded(setting.name):
            yield f"{setting.name}={shlex.quote(str(setting.read()) if setting.kind == 'path' else value)}"


def _shortened(program: str) -> str:
    """From the working directory on, where that is shorter."""
    return os.path.relpath(program) if Path(program).is_relative_to(Path.cwd()) else program


def web_answers() -> bool:
    """Whether the web process answers at all; what it says about health is the doctor's matter."""
    connection = http.client.HTTPConnection(_reachable(variables.WEB_HOST.read()), variables.WEB_PORT.read(), timeout=2)
    try:
        connection.request("GET", "/health", headers={"Host": addresses.public_url().split("//", 1)[1]})
        return connection.getresponse().status in {200, 503}
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def door_answers() -> bool:
    """Whether something listens for mail."""
    try:
        socket.create_connection(
            (_reachable(variables.LMTP_HOST.read()), variables.LMTP_PORT.read()), timeout=1
        ).close()
    except OSError:
        return False
    return True


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in _WILDCARDS else host
