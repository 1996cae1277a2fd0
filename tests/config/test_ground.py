"""Each thing that keeps Sportello from starting is one clear sentence."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from sportello.config import addresses, ground, stamp
from sportello.config.env import SettingError
from sportello.config.ground import Port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_its_setting(taken: int) -> None:
    with pytest.raises(SettingError) as refused:
        ground.check_ports([Port("127.0.0.1", taken, "the pages", "SPORTELLO_WEB_PORT")], patience=0)
    assert str(refused.value) == (
        f"Port {taken} on 127.0.0.1 cannot be used for the pages: it is taken. "
        "Set SPORTELLO_WEB_PORT to another, or end the program that holds it."
    )


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(
        SettingError, match=r"Port 8000 on 192\.0\.2\.1 cannot be used for the pages: Cannot assign requested address"
    ):
        ground.check_ports([Port("192.0.2.1", 8000, "the pages", "SPORTELLO_WEB_PORT")], patience=0)


def test_a_port_freed_in_time_is_waited_for() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    port = Port("127.0.0.1", server.getsockname()[1], "the pages", "SPORTELLO_WEB_PORT")
    server.close()
    ground.check_ports([port], patience=1)


def test_a_file_in_place_of_the_data_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(SettingError, match=r"The data folder .*/data cannot be written to: File exists\."):
        ground.make_data_folder(tmp_path / "data")


def test_one_data_folder_has_one_user(tmp_path: Path) -> None:
    with ground.sole_user_of(tmp_path), pytest.raises(SettingError, match="Sportello already runs on the data folder"):
        ground.sole_user_of(tmp_path).__enter__()


def test_the_lock_tells_a_clean_end_from_a_killed_one(tmp_path: Path) -> None:
    with ground.sole_user_of(tmp_path) as killed:
        assert not killed
    with ground.sole_user_of(tmp_path) as killed:
        assert not killed
    code = "import os, pathlib, sys; from sportello.config import ground; ground.sole_user_of(pathlib.Path(sys.argv[1])).__enter__(); os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    with ground.sole_user_of(tmp_path) as killed:
        assert killed


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_DATA", str(tmp_path))
    ground.ensure_secret_key()
    key = (tmp_path / "secret-key").read_text(encoding="ascii")
    ground.ensure_secret_key()
    assert (tmp_path / "secret-key").read_text(encoding="ascii") == key
    assert len(key) == 64
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://sportello@/sportello?host=/nowhere", "No such file or directory"),
        ("postgresql://sportello@127.0.0.1:1/sportello", "Connection refused"),
        ("postgresql://sportello@/sportello?sslmode=often", "sslmode"),
    ],
)
def test_a_database_out_of_reach_is_one_line(url: str, words: str) -> None:
    with pytest.raises(SettingError) as refused:
        ground.check_database(url)
    assert str(refused.value).startswith("DATABASE_URL: the database cannot be reached: ")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.django_db
def test_what_was_made_ready_is_known_until_the_database_or_the_code_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPORTELLO_DATA", str(tmp_path / "data"))
    package = tmp_path / "package"
    for folder in (tmp_path / "data", package):
        folder.mkdir()
    monkeypatch.setattr(stamp, "PACKAGE", package)
    (package / "models.py").write_text("one", encoding="utf-8")
    url, empty = (
        addresses.database_url().replace("/sportello?", f"/{connection.settings_dict['NAME']}?"),
        os.environ["DATABASE_URL"],
    )
    assert not stamp.is_current(url)
    stamp.renew(url)
    assert stamp.is_current(url)
    (package / "models.py").write_text("other", encoding="utf-8")
    assert not stamp.is_current(url)
    stamp.renew(url)
    assert url == empty or not stamp.is_current(empty)


def test_who_holds_the_data_folder_tells_whether_all_run_together(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    assert not ground.runs_together(tmp_path), "nobody has ever run here"
    waiting = [sys.executable, "-c", "input()"]
    with (
        subprocess.Popen([*waiting, "up"], stdin=subprocess.PIPE) as up,
        subprocess.Popen([*waiting, "backup"], stdin=subprocess.PIPE) as other,
    ):
        lock.write_text(str(up.pid))
        assert ground.runs_together(tmp_path)
        lock.write_text(str(other.pid))
        assert not ground.runs_together(tmp_path)
        up.kill()
        other.kill()
    lock.write_text(str(up.pid))
    assert not ground.runs_together(tmp_path), "it was killed"
    lock.write_text("")
    assert not ground.runs_together(tmp_path), "it has ended"
