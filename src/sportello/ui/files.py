"""A form field for files, of which there may be many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext


def most_words() -> str:
    """How much can be sent at once."""
    return gettext("At most %(size)s, all files together.") % {"size": largest()}


def largest() -> str:
    return filesizeformat(settings.UPLOAD_MAX_BYTES)


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
