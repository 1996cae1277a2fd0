"""`sportello user create`."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from sportello.accounts.actions import create_user
from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.config.env import SettingError
from sportello.core import clock
from sportello.core.errors import Refused


def create(options: argparse.Namespace) -> int:
    who = User(email=options.email, name=options.name)
    password = _asked(who) if options.password_file is None else _given(options.password_file)
    try:
        validate_password(password, who)
        user = create_user(
            email=options.email,
            name=options.name,
            role=Role(options.role),
            language=options.language,
            by=None,
            now=clock.now(),
            password=password,
        )
    except ValidationError as error:
        raise SettingError(" ".join(error.messages)) from None
    except Refused as refused:
        raise SettingError(refused.message) from None
    print(f"{user.email} can sign in as {user.role}.")
    return 0


def _asked(who: User) -> str:
    """Typed twice at the terminal, until it can be used. What was asked before is not asked again."""
    while True:
        password, again = getpass.getpass("Password: "), getpass.getpass("Again: ")
        if password == again:
            try:
                validate_password(password, who)
            except ValidationError as error:
                print(f"  {' '.join(error.messages)}")
            else:
                return password
        else:
            print("  The two passwords differ.")


def _given(source: str) -> str:
    """In a file, or on standard input for "-"."""
    if source == "-":
        return sys.stdin.readline().rstrip("\r\n")
    try:
        return Path(source).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise SettingError(f"{source} cannot be read: {error.strerror}.") from None
