"""The addresses of imports."""

from __future__ import annotations

from django.urls import path

from sportello.desk.views import imports

urlpatterns = [
    path("", imports.overview, name="imports"),
    path("sync", imports.sync, name="sync"),
    path("<uuid:public_id>/", imports.one, name="import"),
    path("<uuid:public_id>/try", imports.attempt, name="try-import"),
    path("<uuid:public_id>/go", imports.go, name="go-import"),
    path("<uuid:public_id>/stop", imports.stop, name="stop-import"),
    path("<uuid:public_id>/report.csv", imports.report, name="import-report"),
]
