"""The file store in an S3-compatible store: as `files.DurableFileStorage` on disk. An object is there whole or not at all by S3's own promise."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from boto3.exceptions import Boto3Error
from botocore import endpoint
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from s3transfer.exceptions import RetriesExceededError, S3DownloadFailedError
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

P = ParamSpec("P")
T = TypeVar("T")

IN_MEMORY_BYTES = 1_048_576
"""What is larger is read by way of a temporary file."""
_TROUBLE = (BotoCoreError, ClientError, Boto3Error, ResponseParserError, RetriesExceededError, S3DownloadFailedError)
"""What the libraries raise about a store that is away or refuses."""
_OF_AN_ANSWER = (TypeError, ValueError, RecursionError)
"""What they stumble over in what is no answer: half a one, a size that is none, a way to itself. Elsewhere it is a fault of ours."""


class StoreAwayError(OSError):
    """The store does not answer, or refuses. An OSError, as a disk would raise it: whoever copes with the one copes with the other.

    ENXIO is its number where the bucket is not there.
    """


def _as_a_disk_would(work: Callable[P, T]) -> Callable[P, T]:
    @wraps(work)
    def outer(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except _TROUBLE as error:
            raise StoreAwayError(errno.ENXIO if _is_no_bucket(error) else None, f"file store: {error}") from error
        except _OF_AN_ANSWER as error:
            if not _was_asked(error):
                raise
            raise StoreAwayError(f"file store: {error}") from error

    return outer


def _was_asked(error: Exception) -> bool:
    """Whether the store had been asked when it came: what is asked is checked and put together before this part of botocore has it."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == endpoint.__name__ for frame, _ in frames)


def _is_no_bucket(error: Exception) -> bool:
    """The store's own word, which the libraries pass on in theirs."""
    return "NoSuchBucket" in str(error)


class BucketStorage(S3Storage):  # type: ignore[misc]  # without types
    """Same name, same content: nothing is ever renamed, made public, or written over by something else."""

    def get_default_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().get_default_settings()
        return {
            **settings,
            "file_overwrite": True,
            "default_acl": None,
            "max_memory_size": IN_MEMORY_BYTES,
            # The key of each object is the hash of its content, which is checked at reading: no second checksum in a dialect not every store knows.
            "client_config": Config(
                connect_timeout=5,
                read_timeout=20,
                retries={"mode": "standard", "total_max_attempts": 3},
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        }

    @_as_a_disk_would
    def _open(self, name: str, mode: str = "rb") -> Any:
        """Wholly fetched before it is given out, so that a store that goes away spoils no answer that has begun."""
        file = super()._open(name, mode)
        try:
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    @_as_a_disk_would
    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)
        return saved

    @_as_a_disk_would
    def exists(self, name: str) -> bool:
        there: bool = super().exists(name)
        return there

    @_as_a_disk_would
    def size(self, name: str) -> int:
        found: int | None = super().size(name)
        if found is None:
            raise StoreAwayError(f"file store: no size in the answer about {name}")
        return found

    @_as_a_disk_would
    def delete(self, name: str) -> None:
        """Of a name that it does not have a store says that it is deleted; "not found" is the bucket, which Django's storages would pass over."""
        self.bucket.Object(self._normalize_name(clean_name(name))).delete()

    @_as_a_disk_would
    def sweep(self, before: float) -> int:
        """As on disk: uploads of large files whose process was killed, which a store keeps, and charges for, until it is told."""
        client, bucket = self.connection.meta.client, self.bucket_name
        uploads = self._listed("list_multipart_uploads", "Uploads", prefix="")
        begun = [one for one in uploads if one["Initiated"].timestamp() < before]
        trials = self._listed("list_objects_v2", "Contents", prefix=".probe-")
        tried = [one for one in trials if one["LastModified"].timestamp() < before]
        for one in begun:
            client.abort_multipart_upload(Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])
        for one in tried:
            client.delete_object(Bucket=bucket, Key=one["Key"])
        return len(begun) + len(tried)

    def _listed(self, question: str, kind: str, *, prefix: str) -> list[dict[str, Any]]:
        pages = self.connection.meta.client.get_paginator(question).paginate(
            Bucket=self.bucket_name, Prefix=f"{self.location}/{prefix}".lstrip("/")
        )
        return [found for page in pages for found in page.get(kind, [])]
