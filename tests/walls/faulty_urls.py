"""A site whose only page fails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def fail(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("SECRET")


urlpatterns = [path("", fail)]
