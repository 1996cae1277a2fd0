"""The addresses of mail in and mail out."""

from __future__ import annotations

from django.urls import path

from sportello.desk.views import mail, outbox

urlpatterns = [
    path("mail/", mail.mails, name="mails"),
    path("mail/<uuid:public_id>/", mail.mail, name="mail"),
    path("mail/<uuid:public_id>/text", mail.text, name="mail-text"),
    path("mail/<uuid:public_id>/source", mail.download, name="mail-download"),
    path("mail/<uuid:public_id>/again", mail.read_again, name="read-mail-again"),
    path("mail/<uuid:public_id>/open", mail.open_new, name="open-mail"),
    path("mail/<uuid:public_id>/join", mail.join, name="join-mail"),
    path("mail/<uuid:public_id>/refuse", mail.refuse, name="refuse-mail"),
    path("mail/<uuid:public_id>/file-all", mail.file_flood, name="file-flood"),
    path("mail/<uuid:public_id>/refuse-all", mail.refuse_flood, name="refuse-flood"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/write/", outbox.write, name="write-as-customer"),
    path("outbox/<uuid:public_id>/", outbox.outbound, name="outbound"),
    path("outbox/<uuid:public_id>/html", outbox.html, name="outbound-html"),
    path("outbox/<uuid:public_id>/retry", outbox.retry, name="retry-outbound"),
    path("outbox/<uuid:public_id>/cancel", outbox.cancel, name="cancel-outbound"),
    path("outbox/<uuid:public_id>/answer", outbox.answer, name="answer-as-customer"),
]
