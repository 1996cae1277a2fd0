"""Staff, customers, contacts, what they have, and the mailboxes they write to."""

from __future__ import annotations

from functools import cache
from itertools import count

from django.conf import settings
from django.contrib.auth.hashers import make_password

from sportello.accounts.enums import Role
from sportello.accounts.models import Team, User
from sportello.customers.models import Contact, ContactAddress, Customer
from sportello.mail.enums import Purpose
from sportello.mail.models import Mailbox, Sending
from sportello.services.enums import ServiceKind
from sportello.services.models import Server, Service

_next = count(1)
PASSWORD = "correct horse battery"


@cache
def _hashed(_hashers: tuple[str, ...]) -> str:
    """Of PASSWORD, once: in a started installation each costs half a second of CPU."""
    return make_password(PASSWORD)


def make_team(name: str = "") -> Team:
    return Team.objects.create(name=name or f"Team {next(_next)}")


def make_user(
    name: str = "Giulia Rinaldi",
    *,
    role: Role = Role.AGENT,
    email: str = "",
    team: Team | None = None,
    language: str = "it",
    is_active: bool = True,
) -> User:
    """A member of staff with the password PASSWORD."""
    user = User(
        email=email or f"staff{next(_next)}@provider.example",
        name=name,
        role=role,
        team=team,
        language=language,
        is_active=is_active,
        password=_hashed(tuple(settings.PASSWORD_HASHERS)),
    )
    user.save()
    return user


def make_reader(name: str = "Sara Conti") -> User:
    """A member of staff who may look and change nothing."""
    return make_user(name, role=Role.READ_ONLY)


def make_customer(name: str = "Ceramiche Doria Srl", *, code: str = "") -> Customer:
    return Customer.objects.create(name=name, code=code or f"C{next(_next):05}")


def make_contact(
    name: str = "Laura Doria",
    *,
    customer: Customer | None = None,
    address: str | None = None,
    language: str = "it",
    unknown: bool = False,
) -> Contact:
    """A contact of a customer of their own, unless one is given or they are `unknown`. `address=""` makes none."""
    if customer is None and not unknown:
        customer = make_customer()
    contact = Contact.objects.create(name=name, customer=customer, language=language)
    if address != "":
        chosen = address or f"contact{next(_next)}@customer.example"
        ContactAddress.objects.create(contact=contact, address=chosen.lower())
    return contact


def make_server(name: str = "", *, public_name: str = "") -> Server:
    number = next(_next)
    return Server.objects.create(
        name=name or f"web-{number}", hostname=f"web-{number}.provider.example", public_name=public_name
    )


def make_service(
    name: str = "",
    *,
    customer: Customer | None = None,
    server: Server | None = None,
    kind: ServiceKind = ServiceKind.HOSTING,
    plan: str = "Negozio",
) -> Service:
    return Service.objects.create(
        customer=customer or make_customer(),
        server=server,
        kind=kind,
        name=name or f"site{next(_next)}.example",
        plan=plan,
    )


def let_mail_out() -> None:
    """As an administrator does at the end of the first hour: a new installation sends nothing."""
    Sending.objects.all().delete()


def make_mailbox(
    address: str = "", *, purpose: Purpose = Purpose.SUPPORT, display_name: str = "Assistenza Esempio"
) -> Mailbox:
    """With the queue that its mail goes to, which a test with real transactions may have emptied."""
    from tests.factories.tickets import make_queue

    make_queue()
    return Mailbox.objects.create(
        address=address or f"support{next(_next)}@provider.example", purpose=purpose, display_name=display_name
    )
