"""What an agent is writing survives a crash and another's reply."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.tickets import actions, queries
from sportello.tickets.enums import Author, DraftKind
from sportello.tickets.models import Attachment, Draft, Ticket
from tests.factories import NOW, make_reader, make_ticket, make_user

pytestmark = pytest.mark.django_db


def test_the_last_text_saved_is_there_again_by_person_and_kind() -> None:
    ticket, agent = make_ticket(), make_user()
    for number, text in enumerate(["Buon", "Buongiorno"]):
        at = NOW + timedelta(seconds=number)
        actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text=text, base_version=1, now=at)
    actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.NOTE, text="nota", base_version=1, now=NOW)

    reply, note = (queries.draft_of(agent, ticket, kind) for kind in (DraftKind.REPLY, DraftKind.NOTE))

    assert (reply and reply.text, note and note.text) == ("Buongiorno", "nota")
    assert queries.draft_of(make_user("Marco Bo"), ticket, DraftKind.REPLY) is None


def test_a_draft_survives_anothers_reply() -> None:
    ticket, agent = make_ticket(), make_user()
    actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="Mio", base_version=1, now=NOW)

    actions.reply(ticket=ticket, text="Altrui", by=make_user("Marco Bo"), now=NOW, seen_version=1)

    draft = queries.draft_of(agent, ticket, DraftKind.REPLY)
    assert draft is not None
    assert (draft.text, draft.base_version < ticket.version) == ("Mio", True)


def test_discarded_with_its_files() -> None:
    ticket, agent = make_ticket(), make_user()
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="x", base_version=1, now=NOW)
    actions.attach_to_draft(draft=draft, file=actions.NewFile("a", "text/plain", b"a"))

    actions.discard_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY)

    assert queries.draft_of(agent, ticket, DraftKind.REPLY) is None
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("way", ["discarded", "taken out"])
def test_s39_the_bytes_of_a_file_that_is_not_wanted_go_unless_something_else_names_them(
    way: str, settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """A fault found: they stayed in the file store for ever, a file attached by mistake among them."""
    settings.MEDIA_ROOT = tmp_path
    ticket, agent, kept = make_ticket(), make_user(), actions.NewFile("b", "text/plain", b"sent as well")
    actions.reply(ticket=ticket, text="x", by=agent, now=NOW, seen_version=1, attachments=[kept])
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="y", base_version=2, now=NOW)
    for file in (actions.NewFile("a", "text/plain", b"by mistake"), kept):
        actions.attach_to_draft(draft=draft, file=file)

    with django_capture_on_commit_callbacks(execute=True):
        if way == "discarded":
            actions.discard_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY)
        else:
            for attachment in draft.attachments.all():
                actions.remove_from_draft(attachment=attachment, by=agent)

    assert [file.read_bytes() for file in tmp_path.glob("*/*/*")] == [b"sent as well"]


def test_files_of_one_message_have_a_limit_together(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    ticket, agent = make_ticket(), make_user()
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="x", base_version=1, now=NOW)
    actions.attach_to_draft(draft=draft, file=actions.NewFile("a", "text/plain", b"123456"))

    with pytest.raises(Refused) as refused:
        actions.attach_to_draft(draft=draft, file=actions.NewFile("b", "text/plain", b"12345"))

    assert refused.value.code == "too-large"


def test_ones_own_file_is_taken_out_and_no_other() -> None:
    ticket, agent = make_ticket(), make_user()
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="x", base_version=1, now=NOW)
    file = actions.attach_to_draft(draft=draft, file=actions.NewFile("a", "text/plain", b"a"))

    with pytest.raises(Refused) as refused:
        actions.remove_from_draft(attachment=file, by=make_user("Marco Bo"))
    assert refused.value.code == "not-yours"

    actions.remove_from_draft(attachment=file, by=agent)
    assert not Attachment.objects.exists()


def test_who_only_reads_drafts_nothing_but_is_seen_to_be_there() -> None:
    ticket, reader = make_ticket(), make_reader()
    with pytest.raises(Refused):
        actions.save_draft(ticket=ticket, by=reader, kind=DraftKind.NOTE, text="x", base_version=1, now=NOW)

    actions.be_present(ticket=ticket, by=reader, writing=False, now=NOW)
    assert [one.user for one in queries.present(ticket, NOW)] == [reader]


# -- two windows of one person -----------------------------------------------------------------------------------------
def _saved(ticket: Ticket, agent: User, text: str, tab: str, kind: DraftKind = DraftKind.REPLY) -> Draft:
    return actions.save_draft(ticket=ticket, by=agent, kind=kind, text=text, base_version=1, tab=tab, now=NOW)


def test_r15_an_answer_sent_before_its_window_saved_leaves_the_words_of_the_other_window() -> None:
    ticket, agent = make_ticket(), make_user()
    _saved(ticket, agent, "Prima finestra", "first")

    actions.reply(ticket=ticket, text="Seconda finestra", by=agent, now=NOW, seen_version=1, tab="second")

    kept = queries.draft_of(agent, ticket, DraftKind.REPLY)
    assert kept is not None
    assert (kept.text, ticket.messages.get(author=Author.STAFF).text) == ("Prima finestra", "Seconda finestra")


def test_r15_a_note_sent_before_its_window_saved_leaves_the_words_of_the_other_window() -> None:
    ticket, agent = make_ticket(), make_user()
    _saved(ticket, agent, "Prima finestra", "first", DraftKind.NOTE)

    actions.add_note(ticket=ticket, text="Seconda finestra", by=agent, now=NOW, tab="second")

    kept = queries.draft_of(agent, ticket, DraftKind.NOTE)
    assert kept is not None
    assert kept.text == "Prima finestra"


@pytest.mark.parametrize("sent", ["Le stesse parole", "Le parole continuate"])
def test_r15_the_window_that_took_a_draft_over_ends_it(sent: str) -> None:
    ticket, agent = make_ticket(), make_user()
    shown = _saved(ticket, agent, "Le stesse parole", "first").updated_at

    actions.reply(ticket=ticket, text=sent, by=agent, now=NOW, seen_version=1, tab="second", began_from=shown)

    assert queries.draft_of(agent, ticket, DraftKind.REPLY) is None


def test_r15_discarding_in_one_window_leaves_what_the_other_has_saved_since() -> None:
    ticket, agent = make_ticket(), make_user()
    shown = _saved(ticket, agent, "Prima finestra", "first").updated_at
    later = shown + timedelta(seconds=1)
    actions.save_draft(
        ticket=ticket, by=agent, kind=DraftKind.REPLY, text="Prima, e poi", base_version=1, tab="first", now=later
    )

    with pytest.raises(Refused) as refused:
        actions.discard_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, tab="second", began_from=shown)

    kept = queries.draft_of(agent, ticket, DraftKind.REPLY)
    assert (refused.value.code, kept and kept.text) == ("draft-changed", "Prima, e poi")
