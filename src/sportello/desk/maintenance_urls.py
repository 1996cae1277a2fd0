"""The addresses of planned maintenance."""

from __future__ import annotations

from django.urls import path

from sportello.desk.views import maintenance

urlpatterns = [
    path("", maintenance.every, name="maintenances"),
    path("new/", maintenance.new, name="new-maintenance"),
    path("<uuid:public_id>/", maintenance.detail, name="maintenance"),
    path("<uuid:public_id>/edit/", maintenance.edit, name="edit-maintenance"),
    path("<uuid:public_id>/call-off", maintenance.call_off, name="call-off-maintenance"),
]
