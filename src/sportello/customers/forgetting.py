"""A person taken out of the register: the row stays for those that point at it, with nothing of them in it."""

from __future__ import annotations

from collections import Counter

from django.db.models import CASCADE, ForeignObjectRel, QuerySet

from sportello.customers.enums import CustomerKind
from sportello.customers.models import Contact, Customer, Invitation
from sportello.customers.sessions import end_sessions


def forget_person(contact: Contact) -> Counter[str]:
    """Sign-in, addresses, numbers, rights, name. Whatever would go with the row goes now, as if the row itself went."""
    count = Counter({"sessions": end_sessions(contact=contact, but="")})
    count["person"] += invitations_to(contact).delete()[0]
    for relation in pointing_at_a_person():
        if relation.on_delete is CASCADE:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: contact})  # noqa: SLF001 - Django's public API
            count["person"] += rows.delete()[0]
    plain: dict[str, object] = {
        "name": "",
        "role": "",
        "phone": "",
        "other_phones": [],
        "external_id": None,
        "is_active": False,
    }
    rights = {"sees_all": False, "may_open": False, "may_approve": False, "may_order": False}
    Contact.objects.filter(pk=contact.pk).update(**plain, **rights)
    count["person"] += 1 + _forget_customer(contact.customer, contact)
    return count


def _forget_customer(customer: Customer | None, contact: Contact) -> int:
    """A private person who is a customer is the same person; the customer code stays, as what the billing system calls them."""
    if customer is None or customer.kind != CustomerKind.PERSON:
        return 0
    if customer.contacts.exclude(pk=contact.pk).exists():
        return 0
    plain = {"name": customer.code, "vat_number": "", "tax_code": "", "sdi_code": "", "pec": "", "is_active": False}
    return Customer.objects.filter(pk=customer.pk).update(**plain)


def invitations_to(contact: Contact) -> QuerySet[Invitation]:
    """Those by which the person was asked to come in, followed or not."""
    return Invitation.objects.filter(address__in=list(contact.addresses.values_list("address", flat=True)))


def pointing_at_a_person() -> list[ForeignObjectRel]:
    """Every column of every room that names a contact, also of rooms that later versions add."""
    fields = Contact._meta.get_fields(include_hidden=True)  # noqa: SLF001 - Django's public API
    return [field for field in fields if isinstance(field, ForeignObjectRel) and not field.many_to_many]
