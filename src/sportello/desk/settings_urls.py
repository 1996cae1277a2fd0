"""The addresses of the settings, for administrators only."""

from __future__ import annotations

from django.urls import path

from sportello.desk.views import clauses, failures, first_hour, joining, privacy, sending, settings

urlpatterns = [
    path("", settings.overview, name="settings"),
    path("mailboxes/new/", settings.new_mailbox, name="new-mailbox"),
    path("mailboxes/<int:pk>/", settings.mailbox, name="mailbox"),
    path("mailboxes/<int:pk>/edit/", settings.edit_mailbox, name="edit-mailbox"),
    path("mailboxes/<int:pk>/imap/new/", settings.new_imap, name="new-imap"),
    path("imap/<int:pk>/", settings.edit_imap, name="edit-imap"),
    path("imap/<int:pk>/look", settings.look_imap, name="look-imap"),
    path("imap/<int:pk>/remove", settings.remove_imap, name="remove-imap"),
    path("queues/<slug:slug>/", settings.edit_queue, name="edit-queue"),
    path("hours/new/", settings.new_calendar, name="new-calendar"),
    path("hours/<int:pk>/", settings.edit_calendar, name="edit-calendar"),
    path("hours/<int:pk>/remove", settings.remove_calendar, name="remove-calendar"),
    path("times/new/", settings.new_policy, name="new-policy"),
    path("times/<int:pk>/", settings.edit_policy, name="edit-policy"),
    path("times/<int:pk>/remove", settings.remove_policy, name="remove-policy"),
    path("tags/", settings.tag_list, name="tags"),
    path("tags/<int:pk>/", settings.edit_tag, name="edit-tag"),
    path("tags/<int:pk>/remove", settings.remove_tag, name="remove-tag"),
    path("policy/", clauses.overview, name="support-policy"),
    path("policy/new/", clauses.new, name="new-clause"),
    path("policy/<str:code>/", clauses.change, name="edit-clause"),
    path("policy/<str:code>/withdraw", clauses.withdraw, name="withdraw-clause"),
    path("first-hour/", first_hour.overview, name="first-hour"),
    path("first-hour/prove", first_hour.prove_mail, name="prove-mail"),
    path("first-hour/steps/<str:step>/<str:said>", first_hour.decide, name="decide-step"),
    path("provider/", first_hour.provider, name="provider"),
    path("roles/", first_hour.roles, name="roles"),
    path("sending/", sending.overview, name="sending"),
    path("sending/on", sending.switch_on, name="sending-on"),
    path("sending/off", sending.switch_off, name="sending-off"),
    path("sending/held", sending.decide, name="sending-decide"),
    path("joining/", joining.overview, name="joining"),
    path("joining/switch", joining.switch, name="switch-joining"),
    path("retention/", privacy.retention, name="retention"),
    path("failures/", failures.overview, name="failures"),
    path("failures/again", failures.do_again, name="do-failed-again"),
    path("failures/aside", failures.set_aside, name="set-failed-aside"),
    path("domains/", settings.domains, name="domains"),
]
