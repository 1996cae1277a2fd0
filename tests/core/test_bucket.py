"""The file store in an S3-compatible store: the same promises as on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import boto3
import pytest
from django.core.files.storage import storages
from pytest_django import Settings

from sportello.core import files
from sportello.core.files import FileMissing, FileStoreAway
from sportello.core.stalling import Askers
from sportello.watch.beating import StoreProbe
from sportello.watch.enums import Cause
from tests.servers import bucket

SMALL = bytes(range(256)) * 16
LARGE = SMALL * 2_200  # more than is held in memory, and than one part of an upload


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with bucket.serving() as found:
        yield found


@pytest.fixture
def store(settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch) -> boto3.client:
    """One that is well, on a machine that may be busy."""
    monkeypatch.setattr(files, "SECONDS", 120.0)
    _use(settings, address)
    client = bucket.client(address)
    for key in keys(client):
        client.delete_object(Bucket=bucket.BUCKET, Key=key)
    files.mark()
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
    found = [found["Key"] for found in client.list_objects_v2(Bucket=bucket.BUCKET).get("Contents", [])]
    return [key for key in found if not key.endswith(files.MARK)]


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
    assert "Uploads" not in store.list_multipart_uploads(Bucket=bucket.BUCKET)


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


OK = b"HTTP/1.1 200 OK\r\n"
CONDUCTS = {
    "fails": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
    "refuses": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
    "hangs up at once": b"",
    "hangs up in the head": OK + b"Content-Le",
    "hangs up in the content": OK + b'Content-Length: 1000\r\nETag: "x"\r\n\r\nhalf',
    "speaks another language": b"220 mail.example ESMTP\r\n",
    "gives a size that is none": OK + b'Content-Length: many\r\nETag: "x"\r\n\r\nhalf',
}


# The libraries leave a connection over which nothing good came to the garbage collector.
_LEFT_OPEN = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class _Misbehaving(StreamRequestHandler):
    """Answers whatever is asked with the same bytes, and hangs up."""

    def handle(self) -> None:
        length = 0
        while (line := self.rfile.readline()) not in {b"\r\n", b""}:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            if line.lower().startswith(b"expect:"):
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.rfile.read(length)
        assert isinstance(self.server, _Store)
        self.wfile.write(self.server.conduct)


class _Store(ThreadingTCPServer):
    daemon_threads = True
    conduct = b""


@pytest.fixture
def misbehaving(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Store]:
    monkeypatch.setattr(files, "_askers", Askers("file store"))
    with _Store(("127.0.0.1", 0), _Misbehaving) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        _use(settings, f"http://127.0.0.1:{server.server_address[1]}")
        yield server
        server.shutdown()


@_LEFT_OPEN
@pytest.mark.parametrize("conduct", CONDUCTS)
def test_r04_a_store_that_misbehaves_is_away_and_nobodys_fault(misbehaving: _Store, conduct: str) -> None:
    """A fault found: an answer that was cut off short counted as a fault of ours, and a mail with a file known already became a mere file."""
    misbehaving.conduct = CONDUCTS[conduct]
    for ask in (partial(files.open_file, "0" * 64), partial(files.is_whole, "0" * 64)):
        with pytest.raises(FileStoreAway):
            ask()


@pytest.mark.parametrize("ask", ["size", "exists", "open", "delete"])
def test_r04_a_fault_of_ours_is_no_store_that_is_away(settings: Settings, ask: str) -> None:
    """A fault found: a wrong type in our own code passed for a store that is away, so that its job was tried every five seconds for ever."""
    _use(settings, "http://127.0.0.1:1")
    with pytest.raises(TypeError):
        getattr(storages["default"], ask)(7)


@_LEFT_OPEN
@pytest.mark.parametrize("conduct", ["fails", "refuses", "hangs up at once"])
def test_r04_what_a_store_that_misbehaves_does_not_take_waits(misbehaving: _Store, conduct: str) -> None:
    misbehaving.conduct = CONDUCTS[conduct]
    with pytest.raises(FileStoreAway):
        files.put(SMALL)


@pytest.mark.django_db
def test_r04_r28_a_bucket_that_was_deleted_is_a_store_that_is_away_and_no_missing_files(store: boto3.client) -> None:
    """A fault found: each file that somebody asked for was told as damaged, an answer with one as one that will not leave, and an erasure as done."""
    sha256 = files.put(b"contenuto")
    for key in (keys(store)[0], f"desk/{files.MARK}"):
        store.delete_object(Bucket=bucket.BUCKET, Key=key)
    store.delete_bucket(Bucket=bucket.BUCKET)
    try:
        for ask in (files.open_file, files.is_whole, files.remove):
            with pytest.raises(FileStoreAway, match="bucket"):
                ask(sha256)
        assert StoreProbe("node")._try() == Cause.FILES_GONE
    finally:
        store.create_bucket(Bucket=bucket.BUCKET)
    files.mark()
    assert not files.is_whole(sha256)


def test_r04_an_upload_whose_process_was_killed_goes_after_a_day(store: boto3.client) -> None:
    """The store of the tests says of each upload that it was begun in 2010."""
    files.put(SMALL)
    store.create_multipart_upload(Bucket=bucket.BUCKET, Key="desk/half")
    store.put_object(Bucket=bucket.BUCKET, Key="desk/.probe-a-1", Body=b"probe")
    now = datetime.now(UTC)
    assert [files.sweep(before=now + timedelta(days=days)) for days in (-1, 1, 1)] == [1, 1, 0]
    assert len(keys(store)) == 1
