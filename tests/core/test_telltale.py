"""What looks like a password in a text, and what does not."""

from __future__ import annotations

import pytest

from sportello.core.telltale import Telltale, findings, kinds

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\nQyNTUxOQAAACB\n-----END OPENSSH PRIVATE KEY-----"
TOKEN = "q7Rk2Zp9Lw4Xs8Vb3Nc6Td1Fy5Gh0Jm2"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Buongiorno, la password è Mare2024! grazie", "Mare2024"),
        ("la password dell'account FTP è: gatto-nero", "gatto-nero"),
        ("Password: segreto", "segreto"),
        ("pwd=Xk9pQ2", "Xk9pQ2"),
        ("psw : Ciao.123", "Ciao.123"),
        ("The password is hunter2.", "hunter2"),
        ("my password for the panel is: correct-horse", "correct-horse"),
        ("Parola chiave: girasole7", "girasole7"),
        ("API key = 9f8e7d6c5b", "9f8e7d6c5b"),
        ("> Password:\n> Tr0ub4dor&3", "Tr0ub4dor&3"),
        ('password "abc123def"', ""),
    ],
)
def test_a_password_that_is_named(text: str, secret: str) -> None:
    assert [one.text for one in findings(text)] == ([secret] if secret else [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"ecco la chiave:\n{KEY}\ngrazie", Telltale.PRIVATE_KEY),
        ("AKIAIOSFODNN7EXAMPLE", Telltale.ACCESS_KEY),
        ("ghp_" + "a1B2" * 9, Telltale.ACCESS_KEY),
        ("mysql://root:t0pS3cret@db.example/shop", Telltale.ADDRESS),
        (f"il token {TOKEN} non va", Telltale.TOKEN),
    ],
)
def test_a_key_or_token(text: str, kind: Telltale) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Non riesco a cambiare la password, dice che è scaduta.",
        "La password è sbagliata, e la password è stata cambiata ieri.",
        "The password is wrong. Is the password required?",
        "Password: ********",
        "Password: [nascosta]",
        "Ho dimenticato la password: come faccio?",
        "https://example.it/reset?token=q7Rk2Zp9Lw4Xs8Vb3Nc6Td1Fy5Gh0Jm2",
        "https://example.it:8443/login@x",
        "Message-ID: <q7Rk2Zp9Lw4Xs8Vb3Nc6Td1Fy5Gh0Jm2@example.it>",
        "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "/var/www/vhosts/example.it/httpdocs/wp-content/plugins/woocommerce/includes",
        "password: █████",
        "",
    ],
)
def test_what_people_write_about_passwords_is_none(text: str) -> None:
    assert findings(text) == []


def test_nothing_is_found_twice_and_all_stands_where_it_says() -> None:
    text = f"password: {TOKEN}\nla password è Mare2024"
    found = findings(text)
    assert [text[one.start : one.end] for one in found] == [TOKEN, "Mare2024"]


def test_an_encoded_file_is_no_handful_of_tokens() -> None:
    assert findings("\n".join(TOKEN[number:] + TOKEN[:number] for number in range(10))) == []
