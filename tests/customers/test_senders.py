"""Who writes from this address?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from sportello.core.errors import Refused
from sportello.customers import actions, queries
from sportello.customers.models import Contact, ContactAddress
from tests.factories import NOW, make_contact, make_customer, make_reader, make_user

pytestmark = pytest.mark.django_db


def meet(address: str = "nicola@nowhere.example", name: str = "Nicola", language: str = "it") -> Contact:
    return actions.contact_for_sender(address=address, name=name, language=language, now=NOW)


def test_a_known_address_is_known_in_any_case_and_keeps_its_name_and_language() -> None:
    contact = make_contact("Laura Doria", address="laura@doria.example", language="it")

    assert meet(" LAURA@Doria.example ", name="L'impostore", language="en") == contact
    contact.refresh_from_db()
    assert (contact.name, contact.language) == ("Laura Doria", "it")


def test_a_stranger_is_met_once_and_belongs_to_no_customer() -> None:
    first, again = meet(), meet()

    assert first == again
    assert (first.name, first.customer, first.addresses.get().address) == ("Nicola", None, "nicola@nowhere.example")


def test_a_language_we_do_not_speak_becomes_the_houses_own() -> None:
    assert meet(language="de").language == "it"
    assert meet("x@y.example", language="en").language == "en"


def test_a_name_no_column_can_hold_is_cut() -> None:
    assert meet(name="\x00" + "n" * 500).name == "n" * 160


@pytest.mark.django_db(transaction=True)
def test_a_strangers_ten_mails_at_once_are_of_one_person() -> None:
    def met(_number: int) -> int:
        try:
            return meet().pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        people = set(pool.map(met, range(10)))

    assert len(people) == Contact.objects.count() == 1


def test_a_stranger_becomes_a_customers_and_then_no_others() -> None:
    stranger, customer = meet(), make_customer()

    actions.attach_contact(contact=stranger, customer=customer, by=make_user(), now=NOW)
    assert stranger.customer == customer

    with pytest.raises(Refused) as refused:
        actions.attach_contact(contact=stranger, customer=make_customer(), by=make_user(), now=NOW)
    assert refused.value.code == "other-customer"


def test_who_only_reads_attaches_nobody() -> None:
    with pytest.raises(Refused) as refused:
        actions.attach_contact(contact=meet(), customer=make_customer(), by=make_reader(), now=NOW)

    assert refused.value.code == "read-only"


def test_a_returned_mail_is_noted_on_the_address_until_it_works_again() -> None:
    make_contact(address="laura@doria.example")

    assert actions.mark_bounced(address="Laura@doria.example", reason="550 unknown", now=NOW)
    owned = ContactAddress.objects.get()
    assert (owned.bounced_at, owned.bounce_reason) == (NOW, "550 unknown")
    assert not actions.mark_bounced(address="nobody@else.example", reason="x", now=NOW)

    actions.mark_reachable(address="laura@doria.example", now=NOW)
    assert ContactAddress.objects.get().bounced_at == NOW, "not undone by what happened before"
    actions.mark_reachable(address="laura@doria.example", now=NOW.replace(hour=23))
    assert ContactAddress.objects.get().bounced_at is None


def test_mail_goes_to_the_primary_address() -> None:
    contact = make_contact(address="vecchio@doria.example")
    contact.addresses.update(is_primary=False)
    ContactAddress.objects.create(contact=contact, address="nuovo@doria.example", is_primary=True)
    other, without = make_contact(address="altra@doria.example"), make_contact(address="")

    assert queries.primary_address(contact) == "nuovo@doria.example"
    assert queries.primary_address(without) == ""
    assert queries.primary_addresses([contact, other, without]) == {
        contact.pk: "nuovo@doria.example",
        other.pk: "altra@doria.example",
    }
