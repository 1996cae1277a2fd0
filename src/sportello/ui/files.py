"""A form field for files, of which there may be many, and where they lie meanwhile."""

from __future__ import annotations

import tempfile
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext


def most_words() -> str:
    """How much can be sent at once."""
    return gettext("At most %(size)s, all files together.") % {"size": largest()}


def largest() -> str:
    return filesizeformat(settings.UPLOAD_MAX_BYTES)


class UnnamedUploads(TemporaryFileUploadHandler):
    """A large file lies on disk under no name while its form is read: whoever is killed meanwhile leaves nothing of it behind."""

    def new_file(self, *args: Any, **given: Any) -> None:
        FileUploadHandler.new_file(self, *args, **given)
        aside = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - closed with the request
        self.file = UploadedFile(aside, self.file_name, self.content_type, 0, self.charset, self.content_type_extra)  # type: ignore[assignment]  # only its name is missing

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


class FilesField(forms.FileField):
    """Any number of files."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", Files())
        options.setdefault("help_text", lazy(most_words, str)())
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class Files(forms.FileInput):
    allow_multiple_selected = True
