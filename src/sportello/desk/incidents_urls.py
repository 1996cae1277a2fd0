"""The addresses of incidents and of what looks like one."""

from __future__ import annotations

from django.urls import path

from sportello.desk.views import incidents

urlpatterns = [
    path("", incidents.incidents, name="incidents"),
    path("new/", incidents.new_incident, name="new-incident"),
    path("proposals/<uuid:public_id>/open/", incidents.open_proposal, name="open-proposal"),
    path("proposals/<uuid:public_id>/set-aside/", incidents.set_aside, name="set-aside-proposal"),
    path("<uuid:public_id>/", incidents.incident, name="incident"),
    path("<uuid:public_id>/edit/", incidents.edit_incident, name="edit-incident"),
    path("<uuid:public_id>/update/", incidents.update, name="update-incident"),
    path("<uuid:public_id>/note/", incidents.note, name="note-incident"),
    path("<uuid:public_id>/gathered/remove/", incidents.unlink_all, name="unlink-all"),
    path("<uuid:public_id>/gathered/<int:pk>/remove/", incidents.unlink, name="unlink-ticket"),
]
