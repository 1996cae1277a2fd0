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
        try:
            file = super()._open(name, mode)
        except FileNotFoundError:
            self._check_bucket(name)
            raise
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
        try:
            found: int | None = super().size(name)
        except FileNotFoundError:
            self._check_bucket(name)
            raise
        if found is None:
            raise StoreAwayError(f"file store: no size in the answer about {name}")
        return found

    @_as_a_disk_would
    def delete(self, name: str) -> None:
        """Of a name that it does not have a store says that it is deleted; "not found" is the bucket, which Django's storages would pass over."""
        self.bucket.Object(self._normalize_name(clean_name(name))).delete()

    def _check_bucket(self, name: str) -> None:
        """A store says "not found" of an object and of its whole bucket; which of them it is, only a GET is told. Raises StoreAwayError."""
        try:
            found = self.connection.meta.client.get_object(
                Bucket=self.bucket_name, Key=self._normalize_name(clean_name(name))
            )
            found["Body"].close()
        except ClientError as error:
            if _is_no_bucket(error):
                raise StoreAwayError(errno.ENXIO, f"the bucket {self.bucket_name} is not there") from error
