"""What is kept of customers and people, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sportello.accounts.enums import Act
from sportello.accounts.models import AuditEntry
from sportello.accounts.queries import history_of
from sportello.core.errors import Refused
from sportello.customers import actions, rules
from sportello.customers.actions import ContactFields, CustomerFields, Granted
from sportello.customers.models import Customer, Membership
from tests.factories import NOW, make_contact, make_customer, make_user

pytestmark = pytest.mark.django_db


def _create(**fields: Any) -> Customer:
    return actions.create_customer(
        fields=CustomerFields(name="Doria", code="C1", **fields), by=make_user(), now=NOW, address=None
    )


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("vat_number", "IT 00743110157", "00743110157"),
        ("vat_number", "de 136695976", "DE136695976"),
        ("tax_code", "rss mra 85t10 a562s", "RSSMRA85T10A562S"),
        ("tax_code", "00743110157", "00743110157"),
        ("sdi_code", "abc1234", "ABC1234"),
        ("sdi_code", "UFABCD", "UFABCD"),
        ("pec", " Doria@PEC.example ", "doria@pec.example"),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_numbers_and_codes_are_kept_in_one_form(field: str, written: str, kept: str) -> None:
    assert getattr(_create(**{field: written}), field) == kept


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [
        ("vat_number", "00743110158", "vat-not-valid"),
        ("vat_number", "DE136695977", "vat-not-valid"),
        ("tax_code", "RSSMRA85T10A562T", "tax-code-not-valid"),
        ("sdi_code", "ABC12345", "sdi-not-valid"),
        ("sdi_code", "A-1", "sdi-not-valid"),
        ("pec", "doria", "pec-not-valid"),
        ("time_zone", "Rome", "zone-not-known"),
    ],
)
def test_what_cannot_be_right_is_refused(field: str, written: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        _create(**{field: written})
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("02 5550 1041", "+390255501041"),
        ("333/5550104", "+393335550104"),
        ("+44 20 7946 0255", "+442079460255"),
        ("0039 06 55501020", "+390655501020"),
        ("", ""),
    ],
)
def test_telephones_are_kept_in_e164(written: str, kept: str) -> None:
    assert rules.telephone(written) == kept


@pytest.mark.parametrize("written", ["12", "centralino", "+999 123", "9" * 200, "\x00"])
def test_what_is_no_telephone_is_none(written: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - what was written is its message
        rules.telephone(written)
    assert raised.value.args == (written,)


def test_a_person_has_several_telephones_each_once() -> None:
    fields = ContactFields(name="Laura", phone="02 55501041", other_phones=("+39 0255501041", "333 5550104"))
    contact = actions.create_contact(
        customer=make_customer(), fields=fields, mail="laura@doria.example", by=make_user(), now=NOW, address=None
    )
    assert contact.phones == ["+390255501041", "+393335550104"]


def test_an_id_of_the_billing_system_is_given_once() -> None:
    _create(external_id="41")
    with pytest.raises(Refused) as refused:
        actions.create_customer(
            fields=CustomerFields(name="Altra", code="C2", external_id="41"), by=make_user(), now=NOW, address=None
        )
    assert refused.value.code == "external-id-taken"


def test_the_day_on_which_a_contract_ended_is_kept_until_it_goes_on() -> None:
    customer, by = _create(), make_user()
    for is_active, ended_on in ((False, date(2026, 3, 4)), (True, None)):
        fields = CustomerFields(name="Doria", code="C1", is_active=is_active)
        actions.change_customer(customer=customer, fields=fields, by=by, now=NOW, address=None)
        assert customer.ended_on == ended_on


# -- somebody who writes for several customers ---------------------------------------------------------------------------
def test_a_person_may_write_for_more_customers_with_rights_of_their_own_there() -> None:
    contact, other, by = make_contact(), make_customer(), make_user()
    for granted in (Granted(), Granted(sees_all=True)):
        actions.grant(contact=contact, customer=other, granted=granted, by=by, now=NOW, address=None)
    row = Membership.objects.get()
    assert (row.customer, row.sees_all, row.may_open, contact.sees_all) == (other, True, True, False)
    actions.withdraw(membership=row, by=by, now=NOW, address=None)
    assert Membership.objects.count() == 0
    acts = [entry.act for entry in history_of(contact)]
    assert acts == [Act.MEMBERSHIP_ENDED, Act.MEMBERSHIP_CHANGED, Act.MEMBERSHIP_GIVEN]
    assert AuditEntry.objects.get(act=Act.MEMBERSHIP_CHANGED).detail["sees_all"] == ["False", "True"]


def test_neither_the_own_customer_nor_one_of_a_stranger_is_one_more() -> None:
    contact, stranger = make_contact(), make_contact(unknown=True)
    assert contact.customer
    for person, code in ((contact, "own-customer"), (stranger, "no-customer-yet")):
        with pytest.raises(Refused) as refused:
            actions.grant(
                contact=person, customer=contact.customer, granted=Granted(), by=make_user(), now=NOW, address=None
            )
        assert refused.value.code == code
