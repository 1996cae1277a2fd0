"""Pictures are drawn anew; what is no picture stays a download."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from sportello.core import files
from sportello.tickets import actions, tasks
from sportello.tickets.actions.previews import NoPreview, preview_of
from sportello.tickets.enums import Channel
from sportello.tickets.models import Attachment
from tests.factories import NOW, make_ticket


def picture(form: str, size: tuple[int, int] = (60, 40), **saving: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(drawn, form, **saving)
    return drawn.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_a_webp_of_our_own(form: str) -> None:
    preview = opened(preview_of(picture(form)))

    assert (preview.format, preview.size) == ("WEBP", (60, 40))


def test_a_large_one_is_made_small_and_a_long_one_keeps_its_shape() -> None:
    assert opened(preview_of(picture("JPEG", (4000, 1000)))).size == (1280, 320)


def test_only_the_first_frame_of_a_moving_picture() -> None:
    frames = [Image.new("RGB", (10, 10), (value, 0, 0)) for value in (250, 10)]
    moving = io.BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])

    preview = opened(preview_of(moving.getvalue()))

    assert getattr(preview, "n_frames", 1) == 1
    assert preview.convert("RGB").tobytes()[0] > 200


def test_a_phones_picture_stands_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010E] = "via Roma 1"

    preview = opened(preview_of(picture("JPEG", (60, 40), exif=exif)))

    assert preview.size == (40, 60)
    assert "exif" not in preview.info
    assert b"via Roma" not in preview_of(picture("JPEG", (60, 40), exif=exif))


def test_see_through_stays_see_through() -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(drawn, "PNG")

    assert opened(preview_of(drawn.getvalue())).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
def test_every_kind_of_picture_has_one(mode: str) -> None:
    drawn = io.BytesIO()
    Image.new(mode, (2000, 1000)).save(drawn, "PNG")

    assert opened(preview_of(drawn.getvalue())).size == (1280, 640)


def test_kilobytes_that_unpack_to_a_mountain_are_drawn_in_the_memory_that_a_preview_has() -> None:
    """A fault found: four pictures of 49 megapixels in one mail made the worker take 3.3 GiB."""
    drawn = io.BytesIO()
    Image.new("RGBA", (7600, 4400)).save(drawn, "PNG")

    assert opened(preview_of(drawn.getvalue())).size == (1280, 741)


def test_a_large_photograph_is_read_at_a_smaller_scale() -> None:
    assert opened(preview_of(picture("JPEG", (9000, 6000)))).size == (1280, 853)


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<svg onload=alert(1)>", picture("PNG")[:60], picture("BMP"), bomb()],
    ids=["empty", "only a head", "svg", "cut off", "bmp", "bomb"],
)
def test_what_is_no_picture_has_no_preview(content: bytes) -> None:
    with pytest.raises(NoPreview):
        preview_of(content)


@pytest.mark.django_db
def test_a_picture_that_comes_in_gets_its_preview_in_a_job() -> None:
    new_files = [
        actions.NewFile("foto.jpg", "image/jpeg", picture("JPEG")),
        actions.NewFile("finta.png", "image/png", b"no"),
        actions.NewFile("fattura.pdf", "application/pdf", b"%PDF"),
    ]
    message = actions.add_message(ticket=make_ticket(), text="x", now=NOW, channel=Channel.MAIL, attachments=new_files)
    jobs = ProcrastinateJob.objects.filter(task_name="sportello.tickets.make_preview").order_by("pk")
    assert [job.args["attachment_id"] for job in jobs] == [file.pk for file in message.attachments.order_by("pk")[:2]]

    for job in jobs:
        tasks.make_preview(**job.args)

    photo, fake, _invoice = Attachment.objects.order_by("pk")
    assert opened(files.read(photo.preview_sha256)).format == "WEBP"
    assert fake.preview_sha256 == ""
