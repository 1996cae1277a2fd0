"""A few things the database holds, asked without Django, for processes that must stay small and quick."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from sportello.config.env import SettingError
from sportello.core.patience import PAGE_SECONDS, Connection, within


@dataclass(frozen=True, slots=True)
class Census:
    """Sign-in addresses of the staff with their roles, and the address that customers write to first ("" when there is none)."""

    staff: tuple[tuple[str, str], ...]
    mailbox: str


def take(url: str) -> Census:
    """Raises SettingError when the database does not answer or has not been migrated."""
    try:
        with within(PAGE_SECONDS), Connection.connect(url, connect_timeout=5) as connection:
            staff = connection.execute(
                "SELECT email, role FROM accounts_user WHERE is_active ORDER BY id LIMIT 5"
            ).fetchall()
            mailbox = connection.execute(
                "SELECT address FROM mail_mailbox WHERE is_active ORDER BY purpose = 'support' DESC, position, address LIMIT 1"
            ).fetchone()
    except psycopg.Error as error:
        raise SettingError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from None
    return Census(staff=tuple((email, role) for email, role in staff), mailbox=mailbox[0] if mailbox else "")
