"""The addresses of telephone calls."""

from __future__ import annotations

from django.urls import path

from sportello.desk.views import calls

urlpatterns = [
    path("new/", calls.new_call, name="new-call"),
    path("now", calls.calls_now, name="calls-now"),
    path("extension/", calls.extension, name="extension"),
    path("unknown/", calls.unknown, name="unknown-call"),
    path("from/<uuid:contact_id>/", calls.call, name="call"),
    path("from/<uuid:contact_id>/same/now", calls.same, name="same-call"),
    path("from/<uuid:contact_id>/pin/", calls.pin, name="check-pin"),
]
