"""Rows for tests, made by plain functions. Every argument has a believable default; two calls never clash."""

from tests.factories.people import (
    let_mail_out,
    make_contact,
    make_customer,
    make_mailbox,
    make_reader,
    make_server,
    make_service,
    make_team,
    make_user,
)
from tests.factories.tickets import NOW, copies_of, make_message, make_queue, make_ticket

__all__ = [
    "NOW",
    "copies_of",
    "let_mail_out",
    "make_contact",
    "make_customer",
    "make_mailbox",
    "make_message",
    "make_queue",
    "make_reader",
    "make_server",
    "make_service",
    "make_team",
    "make_ticket",
    "make_user",
]
