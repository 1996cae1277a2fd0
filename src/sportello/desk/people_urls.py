"""Staff, teams and the audit: for administrators."""

from __future__ import annotations

from django.urls import path

from sportello.desk.views import audit, people, teams

urlpatterns = [
    path("", people.staff_list, name="people"),
    path("new/", people.invite, name="person-new"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/<int:team_id>/", teams.team, name="team"),
    path("teams/<int:team_id>/remove/", teams.remove, name="team-remove"),
    path("audit/", audit.entries, name="audit"),
    path("audit/csv", audit.as_csv, name="audit-csv"),
    path("<uuid:public_id>/", people.person, name="person"),
    path("<uuid:public_id>/deactivate/", people.deactivate, name="person-deactivate"),
    path("<uuid:public_id>/activate/", people.activate, name="person-activate"),
    path("<uuid:public_id>/invite-again/", people.invite_again, name="person-invite-again"),
    path("<uuid:public_id>/end-sessions/", people.end_sessions, name="person-end-sessions"),
    path("<uuid:public_id>/reset-second-factor/", people.reset_second_factor, name="person-reset-second-factor"),
]
