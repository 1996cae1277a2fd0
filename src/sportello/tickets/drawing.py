"""Draws the preview of a picture: `python -m sportello.tickets.drawing PARENT`, from standard input to standard output.

In a process of its own because the bytes are a stranger's: a few kilobytes may unpack to gigabytes. Its last words on standard error say why
there is no preview.
"""

from __future__ import annotations

import io
import sys

from PIL import Image, ImageOps

from sportello.core import confinement

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_PIXELS = 36_000_000  # a screen of 8K has 33 million; photographs are JPEG, which is read at a smaller scale
MEMORY = 400 * 1024 * 1024
PROCESSOR_SECONDS = 20
PREVIEW_SIZE = (1280, 1280)
QUALITY = 80
_SCALED_AS_THEY_ARE = frozenset({"L", "RGB", "RGBA", "CMYK"})


class TooLarge(Exception):  # noqa: N818 - names what is wrong
    """More pixels than anybody's screen or camera has."""


def main() -> int:
    confinement.die_with(int(sys.argv[1]))
    Image.init()
    confinement.confine(address_space=confinement.memory_in_use() + MEMORY)
    confinement.allow_processor_seconds(PROCESSOR_SECONDS)
    try:
        sys.stdout.buffer.write(draw(sys.stdin.buffer.read()))
    except Exception as error:  # noqa: BLE001 - a decoder fed by strangers may raise anything; none of it is ours to tell apart
        print(type(error).__name__, error, file=sys.stderr)
        return 1
    return 0


def draw(content: bytes) -> bytes:
    """The first frame as WebP, upright, at most 1280 pixels wide and high, without its metadata."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        picture.draft("RGB", PREVIEW_SIZE)
        if picture.width * picture.height > MOST_PIXELS:
            raise TooLarge(f"{picture.width} by {picture.height} pixels")
        small = _made_small(picture)
    upright = ImageOps.exif_transpose(small)
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    drawn = io.BytesIO()
    bare.save(drawn, "WEBP", quality=QUALITY, method=4)
    return drawn.getvalue()


def _made_small(picture: Image.Image) -> Image.Image:
    """Made small before anything else, so that there are two large copies of it in memory at most, and not five."""
    plain = picture if picture.mode in _SCALED_AS_THEY_ARE else picture.convert(_colours(picture))
    plain.thumbnail(PREVIEW_SIZE)
    return plain.convert(_colours(plain))


def _colours(picture: Image.Image) -> str:
    return "RGBA" if picture.has_transparency_data else "RGB"


if __name__ == "__main__":
    sys.exit(main())
