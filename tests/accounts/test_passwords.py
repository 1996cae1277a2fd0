"""Words of our own count for nothing in a password (ASVS 6.1.2, 6.2.11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test.utils import override_settings

from sportello.accounts.models import User
from sportello.accounts.passwords import WORDS

OURS = {
    "PROVIDER_NAME": "Rete Serena",
    "PUBLIC_URL": "https://aiuto.reteserena.example",
    "DKIM_DOMAIN": "mailserena.example",
}


def is_taken(password: str) -> bool:
    with override_settings(**OURS):
        try:
            validate_password(password, User(email="gina@dominio.example", name="Gina"))
        except ValidationError:
            return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "sportello-2026", "ReteSerena2026!", "Assistenza2026!", "reteserena-reteserena", "aiuto-reteserena-26", "mailserena-26!", "dominio-1234567",
        "Sp0rtell0-2026", "$erena-$erena-2026", "SUPPORTHELPDESK1",
    ],
)  # fmt: skip
def test_asvs_6_2_11_a_password_of_our_own_words_is_refused(password: str) -> None:
    assert not is_taken(password)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "lo sportello apre con la luna piena", "serena-vecchia-quercia-7"]
)
def test_asvs_6_2_11_they_may_stand_in_one_that_is_long_without_them(password: str) -> None:
    assert is_taken(password)


def test_asvs_6_1_2_the_words_are_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    assert [word for word in WORDS if f"`{word}`" not in page] == []
