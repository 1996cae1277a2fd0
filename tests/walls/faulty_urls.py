"""A site whose pages fail."""

from __future__ import annotations

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from sportello.accounts.models import Team


def fail(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("SECRET")


def without_database(_request: HttpRequest) -> HttpResponse:
    raise OperationalError("SECRET")


def gone(_request: HttpRequest) -> HttpResponse:
    raise Team.DoesNotExist("SECRET")


urlpatterns = [path("", fail), path("away", without_database), path("gone", gone)]
handler500 = "sportello.ui.failures.on_error"
