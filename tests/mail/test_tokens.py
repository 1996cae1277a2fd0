"""What we signed comes back as ours; what anybody changed or made up does not."""

from __future__ import annotations

import string
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.mail import tokens
from sportello.mail.models import Mailbox

REFERENCE = "0a2b4c6d-8e0f-4a2b-8c4d-6e8f0a2b4c6d"
SUPPORT = Mailbox(address="support@provider.example", display_name="Assistenza")
ALPHABET = string.ascii_lowercase + "234567"


def test_a_reply_address_leads_back_to_its_ticket_in_any_case() -> None:
    address = tokens.reply_address(SUPPORT, REFERENCE)
    assert address.startswith("support+t")
    assert address.endswith("@provider.example")
    assert tokens.reference_in(address) == REFERENCE
    assert tokens.reference_in(address.upper()) == REFERENCE
    assert tokens.reference_in(f"Assistenza <{address}>") == REFERENCE


def test_the_local_part_fits_into_64_octets() -> None:
    local = tokens.reply_address(Mailbox(address="assistenza.clienti@provider.example"), REFERENCE).partition("@")[0]
    assert (len(local), len(local) <= 64) == (63, True)


def test_a_mailbox_whose_name_is_too_long_for_a_token_keeps_its_own_address() -> None:
    mailbox = Mailbox(address="assistenza.clienti.italia@provider.example")
    assert tokens.reply_address(mailbox, REFERENCE) == mailbox.address
    assert tokens.bounce_address(mailbox, uuid4()) == mailbox.address


@pytest.mark.parametrize("position", range(9, 52))
def test_one_letter_changed_anywhere_in_the_token_makes_it_worthless(position: int) -> None:
    address = tokens.reply_address(SUPPORT, REFERENCE)
    for letter in ALPHABET:
        changed = address[:position] + letter + address[position + 1 :]
        assert tokens.reference_in(changed) == (REFERENCE if changed == address else None)


def test_the_signature_has_eighty_bits() -> None:
    mac = tokens.reply_address(SUPPORT, REFERENCE).partition("@")[0].rpartition("-")[2]
    assert len(mac) * 5 == 80


def test_a_signature_is_good_for_one_purpose_and_one_ticket_only() -> None:
    reply = tokens.reply_address(SUPPORT, REFERENCE)
    assert tokens.outbound_of_envelope(reply.replace("+t", "+b")) is None
    other = tokens.reply_address(SUPPORT, str(uuid4()))
    swapped = reply.rpartition("-")[0] + other[other.rindex("-") :]
    assert tokens.reference_in(swapped) is None


def test_an_envelope_sender_leads_back_to_the_mail_that_bounced() -> None:
    outbound = UUID(REFERENCE)
    address = tokens.bounce_address(SUPPORT, outbound)
    assert tokens.outbound_of_envelope(f"<{address.upper()}>") == outbound
    assert tokens.outbound_of_envelope("support@provider.example") is None


def test_every_message_id_is_new_and_leads_back_to_its_ticket() -> None:
    first, second = tokens.message_id(SUPPORT, REFERENCE), tokens.message_id(SUPPORT, REFERENCE)
    assert first != second
    assert {
        tokens.reference_of_message_id(one) for one in (first, second, first.upper(), f" {first} ", first.strip("<>"))
    } == {REFERENCE}
    assert tokens.is_our_message_id(first)


def test_a_message_id_about_nothing_is_ours_but_leads_nowhere() -> None:
    plain = tokens.message_id(SUPPORT)
    assert tokens.is_our_message_id(plain)
    assert tokens.reference_of_message_id(plain) is None


def test_a_message_id_with_another_nonce_is_not_ours() -> None:
    first, second = tokens.message_id(SUPPORT, REFERENCE), tokens.message_id(SUPPORT, REFERENCE)
    forged = ".".join([*first.split(".")[:2], second.split(".")[2], *first.split(".")[3:]])
    assert not tokens.is_our_message_id(forged)


def test_a_domain_with_letters_outside_ascii_stands_in_the_message_id_as_dns_knows_it() -> None:
    value = tokens.message_id(Mailbox(address="support@perché.example"), REFERENCE)
    assert value.endswith("@xn--perch-fsa.example>")


def test_old_mails_still_come_back_after_the_key_was_changed(settings: pytest.FixtureRequest) -> None:
    address, loop = tokens.reply_address(SUPPORT, REFERENCE), tokens.loop_mark()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5  # type: ignore[attr-defined]
    assert tokens.reference_in(address) == REFERENCE
    assert tokens.is_loop_mark(loop)
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert tokens.reference_in(address) is None
    assert not tokens.is_loop_mark(loop)


@given(st.text(max_size=200))
def test_no_text_makes_the_readers_fail(value: str) -> None:
    assert tokens.reference_in(value) is None
    assert tokens.outbound_of_envelope(value) is None
    assert not tokens.is_our_message_id(value)
    assert not tokens.is_loop_mark(value)


@given(st.text(ALPHABET, min_size=26, max_size=26), st.text(ALPHABET, min_size=16, max_size=16))
def test_well_formed_guesses_are_not_ours(word: str, mac: str) -> None:
    assert tokens.reference_in(f"support+t{word}-{mac}@provider.example") is None
    assert tokens.outbound_of_envelope(f"support+b{word}-{mac}@provider.example") is None
    assert not tokens.is_our_message_id(f"<t.{word}.{mac}.{mac}@provider.example>")
    assert not tokens.is_our_message_id(f"<n.{mac}.{mac}@provider.example>")
