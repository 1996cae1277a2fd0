"""Programs of others that work for us (R25): none is waited for without end, none outlives us."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sportello.config import embedded
from sportello.config.backups import children, clients
from sportello.config.env import SettingError
from tests.config.house import until
from tests.faults.installation import children_of

WITHOUT_END = ["sleep", "1000"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(children, "STILL_SECONDS", 0.2)


def test_r25_a_program_that_stands_still_is_ended() -> None:
    with pytest.raises(children.StoodStillError, match="not a byte came or went"):
        children.run(WITHOUT_END, environment=os.environ)
    assert WITHOUT_END not in [_words(child) for child in children_of(os.getpid())]


def test_r25_a_program_for_which_a_server_works_is_waited_for(tmp_path: Path) -> None:
    """It hears what it waits for once its server has been asked more often than a still one is looked at."""
    news = tmp_path / "news"
    os.mkfifo(news)
    asked: list[int] = []

    def works() -> bool:
        asked.append(1)
        if len(asked) == 9:
            news.write_text("\n")
        return True

    waiting = ["sh", "-c", f"read -r news < {news}; echo done"]
    assert children.run(waiting, environment=os.environ, is_helped=works).stdout == "done\n"


def test_r25_what_a_program_and_those_it_waited_for_have_carried_counts() -> None:
    command = ["sh", "-c", "head -c 65536 /dev/zero >/dev/null; read -r end"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as busy:
        until(lambda: children._carried_by(busy.pid) >= 2 * 65536, seconds=20, what="read and written")
        busy.communicate(b"end\n")


def test_r25_a_program_ends_with_us_however_we_end() -> None:
    """A fault found: pg_dump, pg_restore and restic went on alone, and a restore that was killed came to its end behind the next one's back."""
    code = (
        f"import os; from sportello.config.backups import children; children.run({WITHOUT_END}, environment=os.environ)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as ours:
        until(lambda: any(_words(child) == WITHOUT_END for child in children_of(ours.pid)), seconds=20, what="it runs")
        (child,) = children_of(ours.pid)
        ours.send_signal(signal.SIGKILL)
    until(lambda: _words(child) != WITHOUT_END, seconds=20, what="it has ended, too")


def test_r25_a_server_that_says_nothing_ends_a_dump_with_a_sentence() -> None:
    """A fault found: pg_dump waited for a deaf or frozen server until the unit's twelve hours were over."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://sportello@127.0.0.1:{silent.getsockname()[1]}/sportello"
        dump = [clients.program("pg_dump", major=embedded.VERSION), "--format=custom"]
        with pytest.raises(SettingError, match=r"^Not dumped: for .* The server, or the line to it, does not answer"):
            clients.run(dump, url=url, what="Not dumped")


def _words(pid: int) -> list[str]:
    try:
        return [word.decode() for word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") if word]
    except OSError:
        return []
