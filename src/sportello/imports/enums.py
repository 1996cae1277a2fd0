from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What the rows of a file are, in the order in which the files of a whole stock are read."""

    CUSTOMERS = "customers"
    CONTACTS = "contacts"
    SERVERS = "servers"
    SERVICES = "services"
    DOMAINS = "domains"
