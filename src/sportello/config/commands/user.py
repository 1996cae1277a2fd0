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
    password = _password(options.password_file)
    try:
        validate_password(password, User(email=options.email, name=options.name))
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


def _password(source: str | None) -> str:
    """From the file, from standard input for "-", else asked for twice at the terminal."""
    if source == "-":
        return sys.stdin.readline().rstrip("\r\n")
    if source is not None:
        return _from_file(source)
    first, second = getpass.getpass("Password: "), getpass.getpass("Again: ")
    if first != second:
        raise SettingError("The two passwords differ.")
    return first


def _from_file(source: str) -> str:
    try:
        return Path(source).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise SettingError(f"{source} cannot be read: {error.strerror}.") from None
