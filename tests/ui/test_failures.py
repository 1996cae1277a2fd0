"""R03, R04: what passes by itself is a request for patience, and everything else a fault of ours."""

from __future__ import annotations

import errno

import pytest
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

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
        PermissionError(errno.EACCES, "permission denied"),
        NotADirectoryError(errno.ENOTDIR, "not a directory"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes_by_itself_is_said_kindly(error: Exception) -> None:
    answer = answer_to(error)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


@pytest.mark.parametrize("error", [ValueError("ours"), InternalError("damaged")])
def test_what_does_not_is_a_fault(error: Exception) -> None:
    assert answer_to(error).status_code == 500
