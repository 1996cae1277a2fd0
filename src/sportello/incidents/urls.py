"""The public status. What stands here is answered by `config/status_door` before Django, once a process keeps it."""

from __future__ import annotations

from django.urls import path

from sportello.incidents import views

urlpatterns = [
    path("", views.status, name="status"),
    path("it/", views.status, {"path": "it/"}, name="status-it"),
    path("en/", views.status, {"path": "en/"}, name="status-en"),
    path("<slug:language>/feed.atom", views.feed, name="status-feed"),
    path("<slug:language>/<uuid:shown_id>.html", views.one, name="status-of-one"),
    path("<str:path>", views.status, name="status-file"),
]
