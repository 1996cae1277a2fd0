"""What happens to customers and contacts: they are entered and changed, met and recognised, and their addresses fail."""

from __future__ import annotations

from sportello.customers.actions.addresses import add_address, clear_bounce, make_primary, remove_address
from sportello.customers.actions.fields import (
    ContactFields,
    CustomerFields,
    Granted,
    checked_customer,
    fields_of,
    mail_address,
)
from sportello.customers.actions.meeting import (
    contact_for_sender,
    mark_bounced,
    mark_reachable,
    meet_caller,
    meet_sender,
)
from sportello.customers.actions.register import (
    attach_contact,
    change_contact,
    change_customer,
    choose_language,
    choose_notices,
    create_contact,
    create_customer,
    grant,
    hold,
    take_back_customer,
    withdraw,
)

__all__ = [
    "ContactFields",
    "CustomerFields",
    "Granted",
    "add_address",
    "attach_contact",
    "change_contact",
    "change_customer",
    "checked_customer",
    "choose_language",
    "choose_notices",
    "clear_bounce",
    "contact_for_sender",
    "create_contact",
    "create_customer",
    "fields_of",
    "grant",
    "hold",
    "mail_address",
    "make_primary",
    "mark_bounced",
    "mark_reachable",
    "meet_caller",
    "meet_sender",
    "remove_address",
    "take_back_customer",
    "withdraw",
]
