from __future__ import annotations

from pathlib import Path

import pytest

from sportello.config import env
from sportello.config.env import SettingError

PORT = env.number("SPORTELLO_X_PORT", 8000, "A port.", least=1, most=65535)
WORD = env.secret("SPORTELLO_X_WORD", "A password.")


def test_without_a_value_the_default_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPORTELLO_X_PORT", raising=False)
    assert PORT.read() == 8000


@pytest.mark.parametrize("empty", ["", "   "])
def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    monkeypatch.setenv("SPORTELLO_X_PORT", empty)
    assert PORT.read() == 8000


def test_a_value_is_read_from_the_file_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "word").write_text("correct horse\n", encoding="utf-8")
    monkeypatch.setenv("SPORTELLO_X_WORD_FILE", str(tmp_path / "word"))
    assert WORD.read() == "correct horse"


def test_a_missing_file_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_X_WORD_FILE", "/nowhere/word")
    with pytest.raises(SettingError) as refused:
        WORD.read()
    assert str(refused.value) == "SPORTELLO_X_WORD_FILE: /nowhere/word cannot be read: No such file or directory."


def test_value_and_file_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_X_WORD", "one")
    monkeypatch.setenv("SPORTELLO_X_WORD_FILE", "/two")
    with pytest.raises(SettingError, match="both set"):
        WORD.read()


@pytest.mark.parametrize(
    ("setting", "raw", "sentence"),
    [
        (PORT, "http", "SPORTELLO_X_PORT: 'http' cannot be used: it is not a whole number."),
        (PORT, "70000", "SPORTELLO_X_PORT: '70000' cannot be used: it must lie between 1 and 65535."),
        (
            env.flag("SPORTELLO_X_FLAG", ""),
            "perhaps",
            "SPORTELLO_X_FLAG: 'perhaps' cannot be used: it must be yes or no.",
        ),
        (
            env.web_address("SPORTELLO_X_URL", "", ""),
            "support.example.it",
            "SPORTELLO_X_URL: 'support.example.it' cannot be used: it must begin with http:// or https:// and name a host.",
        ),
        (
            env.time_zone("SPORTELLO_X_ZONE", "Europe/Rome", ""),
            "Europe/Roma",
            "SPORTELLO_X_ZONE: 'Europe/Roma' cannot be used: there is no such time zone, write it like Europe/Rome.",
        ),
        (
            env.choice("SPORTELLO_X_CHOICE", "a", "", options=("a", "b")),
            "c",
            "SPORTELLO_X_CHOICE: 'c' cannot be used: it must be one of a, b.",
        ),
        (
            env.database_url("SPORTELLO_X_DB", "", shown_default=""),
            "mysql://root:hunter2@h/d",
            "SPORTELLO_X_DB: the value given cannot be used: it must begin with postgresql://.",
        ),
        (
            env.database_url("SPORTELLO_X_DB", "", shown_default=""),
            "postgresql://root:hunter2@localhost:notaport/d",
            (
                "SPORTELLO_X_DB: the value given cannot be used: the port is not a number up to 65535 "
                "(in a password, write : / ? # and @ as %3A %2F %3F %23 and %40)."
            ),
        ),
    ],
)
def test_a_wrong_value_is_one_sentence_that_keeps_secrets(
    monkeypatch: pytest.MonkeyPatch, setting: env.Setting[object], raw: str, sentence: str
) -> None:
    monkeypatch.setenv(setting.name, raw)
    with pytest.raises(SettingError) as refused:
        setting.read()
    assert str(refused.value) == sentence


def test_a_family_finds_its_members_and_follows_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "info").write_text("from a file", encoding="utf-8")
    monkeypatch.setenv("SPORTELLO_X_SECRET_HELP", "plain")
    monkeypatch.setenv("SPORTELLO_X_SECRET_INFO_FILE", str(tmp_path / "info"))
    monkeypatch.setenv("SPORTELLO_X_SECRET_KEY", "not one of them")
    family = env.Family("SPORTELLO_X_SECRET_", "", not_ends=("KEY",))
    assert family.read() == {"HELP": "plain", "INFO": "from a file"}


def test_misspelt_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_X_PROT", "1")
    monkeypatch.setenv("SPORTELLO_X_PORT_FILE", "/x")
    names = env.unknown_names([PORT], (env.Family("SPORTELLO_X_SECRET_", ""),))
    assert "SPORTELLO_X_PROT" in names
    assert "SPORTELLO_X_PORT_FILE" not in names
