"""A real telephone exchange on loopback: Kamailio as Debian configures it, with what docs/telephone.md adds."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Self

from tests.ports import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
DEBIANS = Path("/etc/kamailio/kamailio.cfg")
OURS = "kamailio-sportello.cfg"
SUPPORT = "support"


def configured(folder: Path, *, url: str, secret: str) -> Path:
    """The files, in a folder: as a provider puts them into /etc/kamailio."""
    shutil.copy(DEPLOY / OURS, folder)
    local = f'#!define DESK_EVENTS "{url}"\n#!define DESK_SECRET "{secret}"\n#!define DESK_NUMBERS "^{SUPPORT}$"\n'
    (folder / "kamailio-local.cfg").write_text(local)
    text, times = re.subn(r"^route\[LOCATION\] \{\n", r"\g<0>\troute(DESK);\n", DEBIANS.read_text(), flags=re.MULTILINE)
    assert times == 1
    whole = folder / "kamailio.cfg"
    whole.write_text(f'{text}\ninclude_file "{OURS}"\n')
    return whole


class Kamailio:
    """`port` is that of SIP, by UDP."""

    def __init__(self, folder: Path, *, url: str, secret: str) -> None:
        self.port = free_port()
        self._log = folder / "exchange.log"
        self._program = ["kamailio", "-f", str(configured(folder, url=url, secret=secret)), "-DD", "-E", "-T"]
        self._program += [
            "-n",
            "2",
            "-l",
            f"udp:127.0.0.1:{self.port}",
            "-Y",
            str(folder),
            "-w",
            str(folder),
            "-m",
            "32",
        ]

    def __enter__(self) -> Self:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(self._program, stdout=log, stderr=log)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def log(self) -> str:
        return self._log.read_text()
