"""A person's data can be unpacked with what everybody has (GDPR art. 20)."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from sportello.core import clock, files
from sportello.privacy.actions import ask_for_data, pack
from sportello.tickets.models import Attachment
from tests.factories import make_contact, make_mailbox, make_ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["\U0001f600" * 200 + ".pdf", "安" * 200, "è" * 150 + "." + "語" * 20, "plain.txt"])
def test_a_file_with_a_long_name_is_unpacked_like_any_other(name: str, tmp_path: Path) -> None:
    """A fault found: of 200 letters that are four bytes each no file system makes a name, and unpacking broke off there."""
    make_mailbox()
    laura = make_contact("Laura")
    ticket = make_ticket(contact=laura, now=clock.now())
    Attachment.objects.create(
        ticket=ticket,
        message=ticket.messages.get(),
        name=name,
        content_type="text/plain",
        size=2,
        sha256=files.put(b"hi"),
    )
    asked = ask_for_data(contact=laura, by=None, now=clock.now(), address=None)
    pack(download_id=asked.pk, now=clock.now())
    asked.refresh_from_db()
    with zipfile.ZipFile(BytesIO(files.read(asked.sha256))) as archive:
        archive.extractall(tmp_path)
    (found,) = (tmp_path / "files").iterdir()
    assert (found.read_bytes(), found.suffix) == (b"hi", Path(name).suffix)
    assert json.loads((tmp_path / "data.json").read_text(encoding="utf-8"))["person"][0]["name"] == "Laura"
