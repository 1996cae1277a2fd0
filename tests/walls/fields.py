"""The rules of every field that somebody can fill in, as docs/fields.md lists them (ASVS 2.1.1): `make fields`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import django
from django import forms
from django.utils import translation

ROOMS = ("sportello.accounts.forms", "sportello.portal.forms", "sportello.desk.forms")
MOST_CHOICES = 12
HEAD = """# Fields: what each takes

Every field of every form, as the server checks it; what a browser checks before is a courtesy. Besides: a choice is one of those that were offered, white space
around a line is cut off, zeros are dropped, what goes into a column has its check there too, and what belongs together is checked by the rules that
[refusals](refusals.md) lists. Fields nobody offered are not read (S13 in [security](security.md)). Fields that come and go with what there is to choose
are not listed.

This page is written by `make fields` from the forms themselves; a test compares the two.
"""
KINDS = {
    "AnswerField": "what a passkey answers",
    "DaysField": "days, one a line",
    "LinesField": "lines",
    "ZoneField": "time zone",
    "RegexField": "text of a set form",
    "GenericIPAddressField": "IP address",
    "FileField": "files",
    "ModelMultipleChoiceField": "some of a list",
    "CharField": "text",
    "EmailField": "mail address",
    "UUIDField": "id",
    "IntegerField": "whole number",
    "BooleanField": "yes or no",
    "DateField": "date",
    "DateTimeField": "date and time",
    "TimeField": "time",
    "ChoiceField": "one of a list",
    "TypedChoiceField": "one of a list",
    "MultipleChoiceField": "some of a list",
    "TypedMultipleChoiceField": "some of a list",
}


def page() -> str:
    with translation.override("en"):
        return HEAD + "".join(_of(module) for room in ROOMS for module in _modules(room))


def _modules(room: str) -> Iterator[ModuleType]:
    found = import_module(room)
    yield found
    for each in iter_modules(getattr(found, "__path__", [])):
        yield import_module(f"{room}.{each.name}")


def _of(module: ModuleType) -> str:
    mine = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]
    rows = [
        f"| {form.__name__} | `{name}` | {_kind(field)} | {'yes' if field.required else 'no'} | {_bounds(field)} |\n"
        for form in mine
        if issubclass(form, forms.Form) and not form.__name__.startswith("_")
        for name, field in form.base_fields.items()
    ]
    title = f"\n## {module.__name__.removeprefix('sportello.')}\n| form | field | kind | must | bounds |\n|---|---|---|---|---|\n"
    return title + "".join(rows) if rows else ""


def _kind(field: forms.Field) -> str:
    return next(KINDS[each.__name__] for each in type(field).__mro__ if each.__name__ in KINDS)


def _bounds(field: forms.Field) -> str:
    letters = getattr(field, "max_length", None)
    least, most = (getattr(field, name, None) for name in ("min_value", "max_value"))
    choices = getattr(field, "choices", None)
    values = [f"`{value}`" for value, _ in choices if value] if isinstance(choices, list) else []
    said = [
        f"{letters:,} characters" if letters else "",
        f"from {least:,}" if least is not None else "",
        f"to {most:,}" if most is not None else "",
        ", ".join(values) if len(values) <= MOST_CHOICES else "",
    ]
    return ", ".join(filter(None, said))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
    os.environ.setdefault("SPORTELLO_SECRET_KEY", "no secret is used to read what forms say of themselves")
    django.setup()
    print(page(), end="")
