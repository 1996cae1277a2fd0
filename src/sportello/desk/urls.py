"""The addresses of the desk. What an open page asks for by itself ends in `now`."""

from __future__ import annotations

from django.urls import include, path

from sportello.desk.views import (
    converting,
    files,
    handling,
    incidents,
    looking,
    privacy,
    queue,
    relating,
    same,
    search,
    secrets,
    services,
    similar,
    tickets,
    writing,
)
from sportello.tickets.enums import DraftKind

app_name = "desk"

REPLY, NOTE = {"kind": DraftKind.REPLY}, {"kind": DraftKind.NOTE}

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("now", queue.queue_now, name="queue-now"),
    path("figures/now", queue.figures, name="figures"),
    path("search", search.search, name="search"),
    # A ticket.
    path("tickets/<int:number>", tickets.by_number, name="ticket-by-number"),
    path("tickets/<uuid:public_id>/", tickets.ticket, name="ticket"),
    path("tickets/<uuid:public_id>/now", tickets.ticket_now, name="ticket-now"),
    path("tickets/<uuid:public_id>/presence/now", tickets.presence, name="presence"),
    path("tickets/<uuid:public_id>/alarm/now", queue.alarm, name="alarm"),
    path("tickets/<uuid:public_id>/similar", similar.similar, name="similar"),
    # What is written in it.
    path("tickets/<uuid:public_id>/reply", writing.reply, name="reply"),
    path("tickets/<uuid:public_id>/reply/draft", writing.draft, REPLY, name="reply-draft"),
    path("tickets/<uuid:public_id>/reply/files", writing.add_files, REPLY, name="reply-files"),
    path("tickets/<uuid:public_id>/reply/discard", writing.discard, REPLY, name="reply-discard"),
    path("tickets/<uuid:public_id>/reply/ask-secret", writing.ask_secret, name="ask-secret"),
    path("tickets/<uuid:public_id>/note", writing.note, name="note"),
    path("tickets/<uuid:public_id>/note/draft", writing.draft, NOTE, name="note-draft"),
    path("tickets/<uuid:public_id>/note/files", writing.add_files, NOTE, name="note-files"),
    path("tickets/<uuid:public_id>/note/discard", writing.discard, NOTE, name="note-discard"),
    # What is done with it.
    path("tickets/<uuid:public_id>/take", handling.take, name="take"),
    path("tickets/<uuid:public_id>/assign", handling.assign, name="assign"),
    path("tickets/<uuid:public_id>/release", handling.release, name="release"),
    path("tickets/<uuid:public_id>/analysis", handling.analysis, name="analysis"),
    path("tickets/<uuid:public_id>/wait", handling.wait, name="wait"),
    path("tickets/<uuid:public_id>/solve", handling.solve, name="solve"),
    path("tickets/<uuid:public_id>/close", handling.close, name="close"),
    path("tickets/<uuid:public_id>/set-aside", handling.set_aside, name="set-aside"),
    path("tickets/<uuid:public_id>/reopen", handling.reopen, name="reopen"),
    path("tickets/<uuid:public_id>/looks/", looking.looks, name="looks"),
    path("tickets/<uuid:public_id>/look-again", looking.look_again, name="look-again"),
    path("tickets/<uuid:public_id>/outage", handling.outage, name="outage"),
    path("tickets/<uuid:public_id>/overrule", handling.overrule, name="overrule"),
    path("tickets/<uuid:public_id>/give-back", handling.give_back, name="give-back"),
    path("tickets/<uuid:public_id>/planned-work", handling.planned_work, name="planned-work"),
    path("tickets/<uuid:public_id>/rename", handling.rename, name="rename"),
    path("tickets/<uuid:public_id>/queue", handling.queue, name="set-queue"),
    path("tickets/<uuid:public_id>/service", handling.service, name="set-service"),
    path("tickets/<uuid:public_id>/service/choose/", services.choose, name="choose-service"),
    path("tickets/<uuid:public_id>/customer", handling.customer, name="set-customer"),
    path("tickets/<uuid:public_id>/customer/new", converting.make_customer, name="make-customer"),
    path("tickets/<uuid:public_id>/customer/take-back", converting.take_back, name="take-back-customer"),
    path("tickets/<uuid:public_id>/tag", handling.tag, name="tag"),
    path("tickets/<uuid:public_id>/untag", handling.untag, name="untag"),
    path("tickets/<uuid:public_id>/follow", handling.follow, name="follow"),
    path("tickets/<uuid:public_id>/unfollow", handling.unfollow, name="unfollow"),
    # What it has to do with others.
    path("tickets/<uuid:public_id>/incident", incidents.put_under, name="put-under-incident"),
    path("tickets/<uuid:public_id>/incident/remove", incidents.take_out, name="take-out-of-incident"),
    path("tickets/<uuid:public_id>/merge", relating.merge, name="merge"),
    path("tickets/<uuid:public_id>/merges/<int:merge_id>/undo", relating.undo_merge, name="undo-merge"),
    path("tickets/<uuid:public_id>/same/<int:proposal_id>/", same.same, name="same"),
    path("tickets/<uuid:public_id>/same/<int:proposal_id>/take", same.take, name="take-same"),
    path("tickets/<uuid:public_id>/same/<int:proposal_id>/refuse", same.refuse, name="refuse-same"),
    path("tickets/<uuid:public_id>/link", relating.link, name="link"),
    path("tickets/<uuid:public_id>/links/<int:link_id>/remove", relating.unlink, name="unlink"),
    path("tickets/<uuid:public_id>/copies/<uuid:contact_id>/accept", relating.accept_copy, name="accept-copy"),
    path("tickets/<uuid:public_id>/followers/<uuid:contact_id>/remove", relating.remove_contact, name="remove-contact"),
    path("tickets/<uuid:public_id>/orders", relating.put_up, name="put-up"),
    path("tickets/<uuid:public_id>/orders/<uuid:order_id>/withdraw", relating.withdraw, name="withdraw-order"),
    # Messages, their mails and their files.
    path("messages/<uuid:public_id>/undo", writing.undo, name="undo"),
    path("messages/<uuid:public_id>/split", relating.split, name="split"),
    path("messages/<uuid:public_id>/html", files.message_html, name="message-html"),
    path("outbox/<uuid:public_id>/again", writing.send_again, name="send-again"),
    path("files/<uuid:public_id>", files.download, name="file"),
    path("files/<uuid:public_id>/preview", files.preview, name="preview"),
    path("files/<uuid:public_id>/remove", writing.remove_file, name="remove-file"),
    path("files/enclosed/<str:token>", files.enclosed, name="enclosed"),
    # Secrets and personal data.
    path("tickets/<uuid:public_id>/keep", privacy.keep, name="keep-ticket"),
    path("data/<uuid:public_id>", privacy.fetch, name="fetch-person-data"),
    path("messages/<uuid:public_id>/blot", secrets.blot, name="blot"),
    path("drops/<uuid:public_id>", secrets.drop, name="drop"),
    path("drops/<uuid:public_id>/look", secrets.look, name="look-at-drop"),
    # Staff and their acts.
    path("people/", include("sportello.desk.people_urls")),
    # Calls.
    path("calls/", include("sportello.desk.calls_urls")),
    # Customers and services.
    path("", include("sportello.desk.register_urls")),
    # Outages.
    path("incidents/", include("sportello.desk.incidents_urls")),
    # Mail in and out.
    path("", include("sportello.desk.mail_urls")),
    # Where customers and services come from.
    path("imports/", include("sportello.desk.imports_urls")),
    # What is planned.
    path("maintenance/", include("sportello.desk.maintenance_urls")),
    # How the house is set up.
    path("settings/", include("sportello.desk.settings_urls")),
]
