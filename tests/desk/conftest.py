"""Somebody at the desk. Django is imported where it is configured already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from sportello.accounts.models import User


@pytest.fixture
def agent(db: None) -> User:
    from tests.factories import make_user

    return make_user("Giulia Rinaldi", language="en")


@pytest.fixture
def desk(agent: User) -> Client:
    """A browser in which the agent is signed in."""
    return _signed_in(agent)


@pytest.fixture
def reader(db: None) -> Client:
    """A browser of somebody who may read and change nothing."""
    from sportello.accounts.enums import Role
    from tests.factories import make_user

    return _signed_in(make_user("Rita Lenti", role=Role.READ_ONLY, language="en"))


def _signed_in(user: User) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client
