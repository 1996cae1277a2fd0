"""The file store in an S3-compatible store: the same promises as on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from pytest_django import Settings

from sportello.core import files
from sportello.core.files import FileMissing, FileStoreAway
from tests.servers import bucket

SMALL = bytes(range(256)) * 16
LARGE = SMALL * 2_200  # more than is held in memory, and than one part of an upload


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with bucket.serving() as found:
        yield found


@pytest.fixture
def store(settings: Settings, address: str) -> boto3.client:
    _use(settings, address)
    client = bucket.client(address)
    for key in keys(client):
        client.delete_object(Bucket=bucket.BUCKET, Key=key)
    return client


def _use(settings: Settings, address: str) -> None:
    options = {
        "bucket_name": bucket.BUCKET,
        "location": "desk",
        "endpoint_url": address,
        "region_name": "us-east-1",
        "access_key": bucket.KEY,
        "secret_key": bucket.SECRET,
    }
    chosen = {"BACKEND": "sportello.core.bucket.BucketStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": chosen}


def keys(client: boto3.client) -> list[str]:
    return [found["Key"] for found in client.list_objects_v2(Bucket=bucket.BUCKET).get("Contents", [])]


@pytest.mark.parametrize("content", [b"", b"contenuto", LARGE], ids=["empty", "small", "large"])
def test_what_was_put_is_read_under_its_hash(store: boto3.client, content: bytes) -> None:
    sha256 = files.put(content)

    assert files.read(sha256) == content
    assert keys(store) == [f"desk/{sha256[:2]}/{sha256[2:4]}/{sha256}"]


def test_a_download_is_read_in_pieces(store: boto3.client) -> None:
    with files.open_file(files.put(LARGE)) as file:
        pieces = list(iter(lambda: file.read(65_536), b""))

    assert (max(map(len, pieces)), b"".join(pieces)) == (65_536, LARGE)


def test_many_nodes_that_put_the_same_content_at_once_keep_it_once(store: boto3.client) -> None:
    with ThreadPoolExecutor(8) as nodes:
        names = set(nodes.map(files.put, [SMALL] * 8))

    assert names == {hashlib.sha256(SMALL).hexdigest()}
    assert len(keys(store)) == 1


def test_an_object_that_is_shorter_than_its_content_is_written_again(store: boto3.client) -> None:
    sha256 = files.put(b"intero")
    store.put_object(Bucket=bucket.BUCKET, Key=keys(store)[0], Body=b"int")

    files.put(b"intero")

    assert files.read(sha256) == b"intero"


def test_damaged_content_is_not_given_out(store: boto3.client) -> None:
    sha256 = files.put(b"vero")
    store.put_object(Bucket=bucket.BUCKET, Key=keys(store)[0], Body=b"fals")

    with pytest.raises(FileMissing):
        files.read(sha256)


def test_what_is_not_there_is_missing(store: boto3.client) -> None:
    with pytest.raises(FileMissing):
        files.open_file("0" * 64)


def test_a_store_that_is_away_fails_as_a_disk_does(settings: Settings) -> None:
    _use(settings, "http://127.0.0.1:1")

    with pytest.raises(FileStoreAway):
        files.put(b"contenuto")
    with pytest.raises(FileStoreAway):
        files.open_file("0" * 64)
