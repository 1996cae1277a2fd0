"""Where a file lies until it is kept."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import RequestFactory
from pytest_django.fixtures import Settings

LARGE = bytes(3_000_000)


def test_r04_a_large_file_lies_under_no_name_while_its_form_is_read(settings: Settings, tmp_path: Path) -> None:
    """A fault found: whoever was killed meanwhile left it in the temporary folder for good, what a customer sent included."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.bin", LARGE)})
    file = request.FILES["file"]
    assert isinstance(file, UploadedFile)
    with file:
        assert (file.name, file.size, [*tmp_path.iterdir()]) == ("a.bin", len(LARGE), [])
        assert file.read() == LARGE
