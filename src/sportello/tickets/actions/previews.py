"""Small pictures of our own making: no byte that a stranger sent reaches a browser as an image."""

from __future__ import annotations

import io
import logging
import warnings

from PIL import Image, ImageOps

from sportello.core import files
from sportello.tickets.models import Attachment

log = logging.getLogger(__name__)

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_BYTES = 30 * 1024 * 1024
MOST_PIXELS = 50_000_000
PREVIEW_SIZE = (1280, 1280)
QUALITY = 80


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
    sha256 = files.put(preview)
    return Attachment.objects.filter(pk=attachment.pk).update(preview_sha256=sha256) == 1


def preview_of(content: bytes) -> bytes:
    """The first frame as WebP, upright, at most 1280 pixels wide and high, without its metadata. Raises NoPreview."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(content)
    except NoPreview:
        raise
    except Exception as error:  # a decoder fed by strangers may raise anything; none of it is ours to tell apart
        raise NoPreview(type(error).__name__) from error


def _drawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise NoPreview(f"{picture.width} by {picture.height} pixels")
        picture.draft("RGB", PREVIEW_SIZE)
        upright = ImageOps.exif_transpose(picture)
        shown = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    shown.thumbnail(PREVIEW_SIZE)
    bare = Image.new(shown.mode, shown.size)
    bare.paste(shown)
    drawn = io.BytesIO()
    bare.save(drawn, "WEBP", quality=QUALITY, method=4)
    return drawn.getvalue()
