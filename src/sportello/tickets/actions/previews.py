"""Small pictures of our own making: no byte that a stranger sent reaches a browser as an image."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

from django.db import transaction

from sportello.core import confinement, files
from sportello.tickets.models import Attachment

log = logging.getLogger(__name__)

MOST_BYTES = 30 * 1024 * 1024
DRAWING_SECONDS = 60.0


class NoPreview(Exception):  # noqa: N818 - names what is wrong
    """The bytes are no picture that can be shown: not one, damaged, or too large."""


def make_preview(*, attachment: Attachment) -> bool:
    """Draws the preview of a picture and keeps it. False when there can be none; the file itself stays a download."""
    if attachment.size > MOST_BYTES:
        return False
    try:
        preview = preview_of(files.read(attachment.sha256))
    except NoPreview as reason:
        log.info("attachment %s has no preview: %s", attachment.public_id, reason)
        return False
    with transaction.atomic():
        sha256 = files.put(preview)
        return Attachment.objects.filter(pk=attachment.pk).update(preview_sha256=sha256) == 1


def preview_of(content: bytes) -> bytes:
    """The first frame as WebP, drawn by a process that may be killed (see `tickets.drawing`). Raises NoPreview."""
    command = [sys.executable, "-m", "sportello.tickets.drawing", str(os.getpid())]
    try:
        drawn = subprocess.run(
            command,
            input=content,
            capture_output=True,
            check=True,
            timeout=DRAWING_SECONDS,
            env=confinement.environment(),
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us
        )
    except subprocess.CalledProcessError as error:
        raise NoPreview(_last_words(error)) from error
    except subprocess.TimeoutExpired as error:
        raise NoPreview("it took too long") from error
    return drawn.stdout


def _last_words(error: subprocess.CalledProcessError) -> str:
    said: bytes = error.stderr
    return said.decode("utf-8", "replace").strip()[-200:] or f"ended with {error.returncode}"
