"""One small world for all tests of a file: what a test does to it is undone at its end, by a savepoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

if TYPE_CHECKING:
    from tests.walls.hostile.forms import Site
    from tests.walls.visitors import Catalogue
    from tests.walls.world import World


@pytest.fixture(scope="module")
def _world_of_the_file(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    from tests.walls.world import World

    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        assert world.everybody, "signed in here, so that their sessions outlive the first test"
        yield world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def site(_world_of_the_file: World) -> Site:
    """Every page, with what its address names in place."""
    from tests.walls.hostile.forms import Site

    return Site.of(_world_of_the_file)


@pytest.fixture(scope="module")
def catalogue(_world_of_the_file: World, site: Site) -> Catalogue:
    """Every form that our pages show, with whom they show it to."""
    from tests.walls.visitors import people

    return [(person, form) for person in people(_world_of_the_file).values() for form in site.forms(person.client)]


@pytest.fixture
def shared_world(_world_of_the_file: World, db: None) -> World:
    return _world_of_the_file
