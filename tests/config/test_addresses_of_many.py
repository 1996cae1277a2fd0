"""Several database servers in one address, and where files are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from sportello.config import addresses, variables
from sportello.config.env import Bucket, SettingError
from sportello.config.settings import _database


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("postgresql://u@a/d", "postgresql://u@a/d"),
        ("postgresql://u@a:1,b:2/d", "postgresql://u@a:1,b:2/d?target_session_attrs=read-write"),
        ("postgresql://u@/d?host=a,b", "postgresql://u@/d?host=a,b&target_session_attrs=read-write"),
        ("postgresql://u@a,b/d?target_session_attrs=any", "postgresql://u@a,b/d?target_session_attrs=any"),
        ("postgresql://u:p,q@a/d", "postgresql://u:p,q@a/d"),
    ],
)
def test_of_several_servers_the_one_that_can_be_written_to(url: str, whole: str) -> None:
    assert addresses.only_the_primary(url) == whole


def test_django_is_given_all_hosts_and_ports() -> None:
    found = _database("postgresql://u:p%40q@a:1,[::1]:2/d?sslmode=require&target_session_attrs=read-write")

    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == ["u", "p@q", "a,::1", "1,2", "d"]
    assert [found["OPTIONS"][key] for key in ("sslmode", "target_session_attrs", "connect_timeout")] == [
        "require",
        "read-write",
        3,
    ]


@pytest.mark.parametrize("url", ["postgresql://u:hunter2@a:1,b:x/d", "postgresql://u:hunter2@a/d?nonsense=1"])
def test_an_address_that_cannot_be_used_is_refused_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(SettingError) as refused:
        variables.DATABASE_URL.read()

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("/srv/files", Path("/srv/files")),
        ("s3://desk", Bucket("desk", "")),
        ("s3://desk/a/b/", Bucket("desk", "a/b")),
    ],
)
def test_files_lie_in_a_folder_or_in_a_bucket(
    given: str, place: Path | Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPORTELLO_FILES", given)

    assert variables.FILES.read() == place


@pytest.mark.parametrize("given", ["s3://", "https://store.example/desk", "s3://key:hunter2@desk", "s3://desk?a=b"])
def test_any_other_place_for_files_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_FILES", given)

    with pytest.raises(SettingError):
        variables.FILES.read()
