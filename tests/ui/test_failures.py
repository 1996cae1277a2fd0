"""R03, R04: what passes by itself is a request for patience, and everything else a fault of ours."""

from __future__ import annotations

import errno
import html
import re

import pytest
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.test import RequestFactory

from sportello.core.files import FileStoreAway
from sportello.ui.failures import on_error


def answer_to(error: Exception) -> HttpResponse:
    try:
        raise error
    except type(error):
        return on_error(RequestFactory().post("/desk/"))


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the connection was lost"),
        InterfaceError("the connection is closed"),
        OSError(errno.ENOSPC, "no space left on device"),
        OSError(errno.EROFS, "read-only file system"),
        FileStoreAway("permission denied"),
        UnreadablePostError("hung up"),
    ],
    ids=str,
)
def test_what_passes_by_itself_is_said_kindly(error: Exception) -> None:
    answer = answer_to(error)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("ours"),
        InternalError("damaged"),
        FileNotFoundError(errno.ENOENT, "a font that was never installed"),
        PermissionError(errno.EACCES, "a program that may not be run"),
        ConnectionRefusedError(errno.ECONNREFUSED, "somebody asked whom we do not know"),
    ],
    ids=str,
)
def test_what_does_not_is_a_fault(error: Exception) -> None:
    """A fault found: any error of the system asked for a moment's patience, also one that would last for ever."""
    assert answer_to(error).status_code == 500


# -- the way back --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("template", ["403.html", "403_csrf.html", "404.html", "405.html", "409.html", "429.html"])
@pytest.mark.parametrize(
    ("before", "way"),
    [
        ("http://testserver/desk/settings/tags/?a=1&b=2", "/desk/settings/tags/?a=1&amp;b=2"),
        ("http://evil.example/desk/", None),
        ("http://testserver//evil.example/", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_page_that_says_why_something_failed_leads_back_to_the_page_before(
    template: str, before: str, way: str | None
) -> None:
    request = RequestFactory().post("/desk/settings/tags/7/remove", headers={"referer": before})
    links = re.findall(r'href="([^"]*)">', render_to_string(template, request=request).partition("<main")[2])
    assert links == [*([way] if way else []), "/"]


def test_who_looks_at_a_page_again_is_not_sent_to_it_once_more() -> None:
    request = RequestFactory().get("/desk/nothing/", headers={"referer": "http://testserver/desk/nothing/"})
    assert "/desk/nothing/" not in render_to_string("404.html", request=request)


def test_what_a_form_was_about_and_is_gone_is_said_as_such() -> None:
    assert "Questo non c'è più" in html.unescape(
        render_to_string("404.html", request=RequestFactory().post("/desk/x/"))
    )
