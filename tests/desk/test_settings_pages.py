"""The settings as administrators change them, what is refused, and what the audit keeps of it."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.accounts.enums import WORDS_OF_DETAIL, Act, Role
from sportello.accounts.models import AuditEntry
from sportello.core import clock
from sportello.customers.actions import CustomerFields
from sportello.mail.actions.mailboxes import ImapFields, MailboxFields
from sportello.mail.enums import Door, ImapMode, Purpose
from sportello.mail.models import ImapAccount, InboundMail, Mailbox, RawMail
from sportello.mail.queries import mailbox_for
from sportello.tickets import actions as tickets
from sportello.tickets.models import Tag
from sportello.triage.actions import CalendarFields, PolicyFields, QueueFields
from sportello.triage.models import Calendar, Queue, SlaPolicy
from sportello.triage.queries import hours_of
from sportello.triage.rules import next_opening
from tests.factories import make_mailbox, make_ticket, make_user

pytestmark = pytest.mark.django_db

MAILBOX = {
    "address": " Assistenza@Provider.example ",
    "display_name": "Assistenza",
    "purpose": "presales",
    "aliases": "help@provider.example\n\n ASSISTENZA@provider.example",
    "signature_it": "Il gruppo di assistenza",
    "signature_en": "",
    "authserv_id": "MX.provider.example",
    "is_active": "on",
}
IMAP = {
    "host": "imap.provider.example",
    "port": "993",
    "tls": "on",
    "username": "info",
    "secret": "INFO",
    "folder": "INBOX",
    "since": "2026-11-01",
    "mode": "preview",
}
HOURS = {
    "name": "Office",
    "timezone": "Europe/Rome",
    "day_0": "9-13, 14:30-18",
    "day_4": "8.30–12.00",
    "holidays_country": "it",
    "closed_on": "2026-12-24\n31/12/2026",
}


@pytest.fixture(autouse=True)
def passwords(settings: Any) -> None:
    settings.SECRETS = {"INFO": "open sesame"}


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make_user(role=Role.ADMIN, language="en"))
    return client


def _text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def _refused(client: Client, address: str, form: dict[str, str]) -> str:
    answer = client.post(address, form)
    assert answer.status_code == 422
    return answer.content.decode()


def _acts() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


def _account(**columns: object) -> ImapAccount:
    entered = {"host": "imap.provider.example", "username": "info", "secret": "INFO", "since": date(2026, 11, 1)}
    return ImapAccount.objects.create(mailbox=make_mailbox(), **{**entered, **columns})


# -- mailboxes -----------------------------------------------------------------------------------------------------------
def test_a_mailbox_is_set_up_and_takes_mail_at_all_its_addresses(admin: Client) -> None:
    admin.post(reverse("desk:new-mailbox"), MAILBOX)
    mailbox = Mailbox.objects.get()
    assert (mailbox.address, mailbox.aliases) == ("assistenza@provider.example", ["help@provider.example"])
    assert (mailbox.purpose, mailbox.authserv_id) == (Purpose.PRESALES, "mx.provider.example")
    assert mailbox_for("Help+x@provider.example") == mailbox
    assert _acts() == [Act.MAILBOX_CREATED]


@pytest.mark.parametrize("field", ["address", "aliases"])
def test_an_address_belongs_to_one_mailbox_only(admin: Client, field: str) -> None:
    make_mailbox("info@provider.example")
    page = _refused(admin, reverse("desk:new-mailbox"), {**MAILBOX, field: "INFO@provider.example"})
    assert "info@provider.example is already an address of the mailbox info@provider.example." in page
    assert 'value="Assistenza"' in page
    assert Mailbox.objects.count() == 1


def test_what_is_no_address_is_named(admin: Client) -> None:
    page = _refused(admin, reverse("desk:new-mailbox"), {**MAILBOX, "aliases": "nobody at all"})
    assert "nobody at all is not a mail address." in page


def test_a_changed_mailbox_leaves_what_it_was_in_the_audit(admin: Client) -> None:
    mailbox = make_mailbox("info@provider.example", display_name="Vecchio")
    form = {"address": mailbox.address, "display_name": "Nuovo", "purpose": "support", "is_active": "on"}
    admin.post(reverse("desk:edit-mailbox", args=[mailbox.pk]), form)
    assert AuditEntry.objects.get().detail == {"display_name": ["Vecchio", "Nuovo"]}


# -- IMAP ----------------------------------------------------------------------------------------------------------------
def test_an_imap_account_begins_by_receiving_only(admin: Client) -> None:
    mailbox = make_mailbox()
    address = reverse("desk:new-imap", args=[mailbox.pk])
    assert "Begin with “receive only”" in _refused(admin, address, {**IMAP, "mode": "live"})
    admin.post(address, IMAP)
    account = ImapAccount.objects.get()
    assert (account.mode, account.since, account.mailbox) == (ImapMode.PREVIEW, date(2026, 11, 1), mailbox)
    assert reverse("desk:look-imap", args=[account.pk]) in _text(admin, reverse("desk:mailbox", args=[mailbox.pk]))


def test_an_account_that_has_connected_may_go_live(admin: Client) -> None:
    account = _account(connected_at=clock.now(), uidvalidity=7, last_uid=40)
    admin.post(reverse("desk:edit-imap", args=[account.pk]), {**IMAP, "mode": "live"})
    account.refresh_from_db()
    assert (account.mode, account.uidvalidity, account.last_uid) == (ImapMode.LIVE, 7, 40)


def test_another_folder_is_another_store_and_begins_anew(admin: Client) -> None:
    account = _account(connected_at=clock.now(), uidvalidity=7, last_uid=40, mode=ImapMode.LIVE)
    address = reverse("desk:edit-imap", args=[account.pk])
    assert "Begin with “receive only”" in _refused(admin, address, {**IMAP, "folder": "Archive", "mode": "live"})
    admin.post(address, {**IMAP, "folder": "Archive"})
    account.refresh_from_db()
    assert (account.folder, account.uidvalidity, account.last_uid, account.connected_at) == ("Archive", None, 0, None)


@pytest.mark.parametrize("secret", ["Hunter2!", "CORRECTHORSE7"])
def test_the_password_itself_is_refused_and_not_stored(admin: Client, secret: str) -> None:
    address = reverse("desk:new-imap", args=[make_mailbox().pk])
    page = _refused(admin, address, {**IMAP, "secret": secret})
    assert "does not belong here and was not saved" in page
    assert not ImapAccount.objects.exists()


def test_a_password_setting_that_is_not_set_is_named(admin: Client) -> None:
    account = _account()
    page = _refused(admin, reverse("desk:edit-imap", args=[account.pk]), {**IMAP, "secret": "OFFICE"})
    assert "SPORTELLO_SECRET_OFFICE is not set. Set it, or SPORTELLO_SECRET_OFFICE_FILE," in page
    account.refresh_from_db()
    assert account.secret == "INFO"


@pytest.mark.parametrize("secret", ["info", "KEY", "X_FILE", "A B"])
def test_a_password_setting_has_a_name_that_can_be_set(admin: Client, secret: str) -> None:
    address = reverse("desk:new-imap", args=[make_mailbox().pk])
    page = _refused(admin, address, {**IMAP, "secret": secret})
    assert "A password setting is named with capital letters" in page


def test_an_account_that_fails_says_since_when_and_why(admin: Client, settings: Any) -> None:
    settings.SECRETS = {"INFO": "open sesame"}
    account = _account(failing_since=clock.now() - timedelta(minutes=3), last_error="sign-in")
    for address in (reverse("desk:settings"), reverse("desk:mailbox", args=[account.mailbox_id])):
        page = _text(admin, address)
        assert "the server does not accept user name and password" in page
        assert "open sesame" not in page


def test_what_receiving_only_did_is_shown(admin: Client) -> None:
    account = _account()
    raw = RawMail.objects.create(sha256="0" * 64, content=b"x", size=1)
    for n, answer in enumerate(("answer.preview", "answer.automatic")):
        InboundMail.objects.create(
            mailbox=account.mailbox,
            raw=raw,
            door=Door.IMAP,
            fingerprint=str(n),
            received_at=clock.now(),
            answers_allowed=False,
            reason_params={"answer": answer},
        )
    page = _text(admin, reverse("desk:mailbox", args=[account.mailbox_id]))
    assert "2 mails came in; 1 automatic answer was not sent." in page


def test_looking_at_a_server_that_lets_nobody_in_says_why(admin: Client, settings: Any) -> None:
    settings.SECRETS = {}
    account = _account()
    page = admin.post(reverse("desk:look-imap", args=[account.pk])).content.decode()
    assert "The server did not let us look:" in page
    assert "SPORTELLO_SECRET_INFO" in page


def test_a_removed_account_is_in_the_audit(admin: Client) -> None:
    admin.post(reverse("desk:remove-imap", args=[_account().pk]))
    assert not ImapAccount.objects.exists()
    assert _acts() == [Act.IMAP_REMOVED]


# -- opening hours -------------------------------------------------------------------------------------------------------
def test_hours_are_entered_as_people_write_them(admin: Client) -> None:
    admin.post(reverse("desk:new-calendar"), HOURS)
    calendar = Calendar.objects.get(name="Office")
    assert calendar.weekly == {"0": [["09:00", "13:00"], ["14:30", "18:00"]], "4": [["08:30", "12:00"]]}
    assert (calendar.closed_on, calendar.holidays_country) == ([date(2026, 12, 24), date(2026, 12, 31)], "IT")
    friday_evening = datetime(2026, 12, 4, 17, tzinfo=UTC)
    assert next_opening(friday_evening, hours_of(calendar)) == datetime(2026, 12, 7, 8, tzinfo=UTC)


def test_hours_come_back_as_they_were_entered(admin: Client) -> None:
    admin.post(reverse("desk:new-calendar"), HOURS)
    page = _text(admin, reverse("desk:edit-calendar", args=[Calendar.objects.get(name="Office").pk]))
    assert 'value="09:00-13:00, 14:30-18:00"' in page
    assert "2026-12-24\n2026-12-31" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day_0": "18-9"}, "These hours overlap, or close before they open."),
        ({"day_0": "9-13, 12-18"}, "These hours overlap, or close before they open."),
        ({"day_0": "mattina"}, "“mattina” are not hours."),
        ({"day_0": "9-25"}, "These hours overlap, or close before they open."),
        ({"timezone": "Europa/Roma"}, "There is no such time zone"),
        ({"closed_on": "Natale"}, "“Natale” is not a day."),
        ({"holidays_country": "XX"}, "The public holidays of this country are not known."),
        ({"day_0": "", "day_4": ""}, "With these hours the desk never opens."),
        ({"name": "24/7"}, "There is another one with this name."),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(admin: Client, wrong: dict[str, str], said: str) -> None:
    page = _refused(admin, reverse("desk:new-calendar"), {**HOURS, **wrong})
    assert said in page
    assert not Calendar.objects.filter(name="Office").exists()


def test_hours_that_a_queue_keeps_are_not_removed(admin: Client) -> None:
    calendar = Calendar.objects.get(name="24/7")
    answer = admin.post(reverse("desk:remove-calendar", args=[calendar.pk]), follow=True)
    assert "A queue uses this" in answer.content.decode()
    assert _acts() == []


# -- promised times, queues, tags ----------------------------------------------------------------------------------------
def test_promised_times_are_changed_and_the_audit_has_both(admin: Client) -> None:
    policy = SlaPolicy.objects.get(name="Support")
    form = {"name": "Support", "first_response": "15", "next_response": "60", "update": "240", "delay": "30"}
    admin.post(reverse("desk:edit-policy", args=[policy.pk]), form)
    policy.refresh_from_db()
    assert policy.first_response == 15
    assert AuditEntry.objects.get().detail == {"first_response": ["10", "15"]}


def test_a_promise_of_no_time_at_all_is_refused(admin: Client) -> None:
    form = {"name": "X", "first_response": "0", "next_response": "60", "update": "240", "delay": "30"}
    assert "greater than or equal to 1" in _refused(admin, reverse("desk:new-policy"), form)


def test_a_queue_gets_other_hours(admin: Client) -> None:
    office, policy = Calendar.objects.get(name="Mon-Fri 9-18"), SlaPolicy.objects.get(name="Support")
    form = {"name_it": "Aiuto", "name_en": "Help", "calendar": office.pk, "policy": policy.pk}
    admin.post(reverse("desk:edit-queue", args=["support"]), form)
    queue = Queue.objects.get(slug="support")
    assert (queue.name_it, queue.calendar) == ("Aiuto", office)
    assert AuditEntry.objects.get().detail["calendar"] == ["24/7", "Mon-Fri 9-18"]


def test_a_tag_is_renamed_everywhere_and_removed_everywhere(admin: Client) -> None:
    ticket = make_ticket()
    tickets.add_tag(ticket=ticket, name="urgente", by=make_user(), now=clock.now())
    tag = Tag.objects.get()
    admin.post(reverse("desk:edit-tag", args=[tag.pk]), {"name": "Fretta"})
    assert list(ticket.tags.values_list("name", flat=True)) == ["fretta"]
    admin.post(reverse("desk:remove-tag", args=[tag.pk]))
    assert not ticket.tags.exists()
    assert _acts() == [Act.TAG_RENAMED, Act.TAG_REMOVED]


def test_the_audit_has_a_word_for_everything_that_can_be_changed() -> None:
    changed = (CustomerFields, MailboxFields, ImapFields, CalendarFields, PolicyFields, QueueFields)
    names = {field.name for kind in changed for field in fields(kind)}
    assert names - WORDS_OF_DETAIL.keys() == set()


# -- all of it -----------------------------------------------------------------------------------------------------------
def test_the_settings_ask_the_database_no_more_for_three_of_each_than_for_one(admin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            admin.get(reverse("desk:settings"))
        return len(seen)

    _account()
    queries()
    one = queries()
    _account(username="two")
    _account(username="three")
    assert queries() == one


def test_sending_domains_are_only_asked_about_when_somebody_wants_to_know(admin: Client) -> None:
    make_mailbox("info@provider.example")
    address = reverse("desk:domains")
    assert "Check provider.example" in _text(admin, address)
    assert 'id="report"' not in _text(admin, address)
    assert 'id="report"' not in admin.post(address, {"domain": "somebody-else.example"}).content.decode()


@pytest.mark.parametrize("role", [Role.AGENT, Role.READ_ONLY])
def test_settings_are_for_administrators(role: Role) -> None:
    client = Client()
    client.force_login(make_user(role=role))
    mailbox = make_mailbox()
    assert client.get(reverse("desk:settings")).status_code == 403
    assert client.post(reverse("desk:edit-mailbox", args=[mailbox.pk]), MAILBOX).status_code == 403
    assert reverse("desk:settings") not in _text(client, reverse("desk:mails"))


# -- twice ---------------------------------------------------------------------------------------------------------------
GONE = 999_999
TAKEN_AWAY = {
    "desk:remove-tag": "desk:tags",
    "desk:remove-calendar": "desk:settings",
    "desk:remove-policy": "desk:settings",
    "desk:remove-imap": "desk:settings",
    "desk:remove-network": "desk:networks",
    "desk:team-remove": "desk:teams",
}


@pytest.mark.parametrize(("view", "back"), TAKEN_AWAY.items(), ids=TAKEN_AWAY.keys())
def test_r16_what_was_taken_away_a_moment_ago_is_gone_as_wanted(admin: Client, view: str, back: str) -> None:
    answer = admin.post(reverse(view, args=[GONE]), follow=True)
    assert answer.redirect_chain == [(reverse(back), 302)]
    assert "It was removed already." in answer.content.decode()


def test_r16_two_who_remove_a_tag_at_the_same_moment_both_find_it_gone(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has looked before the first was done."""
    tag = Tag.objects.create(name="dns")
    monkeypatch.setattr("sportello.desk.views.settings.tag_by_id", lambda _pk: tag)
    for said in ("Removed from every ticket.", "It was removed already."):
        answer = admin.post(reverse("desk:remove-tag", args=[7]), follow=True)
        assert (answer.status_code, said in answer.content.decode()) == (200, True)
    assert _acts() == [Act.TAG_REMOVED]
