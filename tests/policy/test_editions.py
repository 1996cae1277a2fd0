"""The support policy: clauses with stable ids, and editions that stay as they were."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import sportello
from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry, User
from sportello.core.errors import Refused
from sportello.policy import actions
from sportello.policy.actions import Wording
from sportello.policy.queries import Policy, policy_in_force, policy_of
from sportello.triage.enums import ReasonCode
from sportello.triage.rules.reasons import CLAUSES
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDING = Wording(text_it="Di domenica si risponde entro un'ora.", text_en="On Sundays answers come within an hour.")


@pytest.fixture
def admin(db: None) -> User:
    return make_user(role=Role.ADMIN)


def by(user: User) -> dict[str, Any]:
    return {"by": user, "now": NOW, "address": "198.51.100.7"}


def texts(policy: Policy | None) -> dict[str, str]:
    assert policy is not None
    return {clause.code: clause.text_en for part in policy.parts for clause in part.clauses}


def refusal_of(*, code: str, user: User) -> str:
    with pytest.raises(Refused) as refused:
        actions.add_clause(code=code, wording=WORDING, **by(user))
    return refused.value.code


def test_a_new_installation_begins_with_what_is_shipped_in_its_order_and_complete_in_both_languages() -> None:
    shipped = tomllib.loads((Path(sportello.__file__).parent / "policy/shipped.toml").read_text("utf-8"))["clause"]
    assert texts(policy_in_force()) == {entry["code"]: entry["en"] for entry in shipped}
    assert list(texts(policy_in_force())) == [entry["code"] for entry in shipped]
    assert all(entry["it"] != entry["en"] and entry["it"] for entry in shipped)


def test_every_clause_that_a_judgement_cites_is_in_the_policy_that_is_shipped() -> None:
    cited = {CLAUSES[code] for code in ReasonCode if code in CLAUSES}
    assert cited <= set(texts(policy_of(1)))


def test_a_change_is_a_new_edition_and_the_one_before_stays_as_it_was(admin: User) -> None:
    before = texts(policy_in_force())
    actions.change_clause(code="promise.first", wording=WORDING, **by(admin))

    assert texts(policy_in_force()) == {**before, "promise.first": WORDING.text_en}
    assert list(texts(policy_in_force())) == list(before), "it stands where it stood"
    assert texts(policy_of(1)) == before
    entry = AuditEntry.objects.get(act=Act.CLAUSE_CHANGED)
    assert (entry.subject, entry.actor, entry.detail["edition"]) == ("promise.first", admin, ["", "2"])


def test_what_says_so_already_makes_no_edition(admin: User) -> None:
    actions.change_clause(code="promise.first", wording=WORDING, **by(admin))
    actions.change_clause(code="promise.first", wording=WORDING, **by(admin))
    assert policy_of(2) == policy_in_force()
    assert policy_of(3) is None


def test_a_new_clause_stands_last_in_its_part(admin: User) -> None:
    actions.add_clause(code="promise.sunday", wording=WORDING, **by(admin))
    codes = list(texts(policy_in_force()))
    assert codes[codes.index("promise.history") + 1] == "promise.sunday"


def test_a_withdrawn_clause_is_in_the_editions_that_had_it_and_its_id_is_never_given_again(admin: User) -> None:
    actions.withdraw_clause(code="data.duty", **by(admin))
    assert "data.duty" not in texts(policy_in_force())
    assert "data.duty" in texts(policy_of(1))
    assert refusal_of(code="data.duty", user=admin) == "clause-id-taken"
    with pytest.raises(Refused) as refused:
        actions.withdraw_clause(code="data.duty", **by(admin))
    assert refused.value.code == "clause-gone"
    assert policy_of(3) is None


@pytest.mark.parametrize(
    "code",
    ["", "cover", "cover.", ".mail", "other.mail", "Cover.mail", "cover.Mail", "cover.a b", "cover.a\n", "cover.a--b"],
)
def test_an_id_that_is_none_is_refused(code: str, admin: User) -> None:
    assert refusal_of(code=code, user=admin) == "clause-id-not-valid"


def test_only_administrators_change_it() -> None:
    assert refusal_of(code="cover.mail", user=make_user(role=Role.AGENT)) == "admin-only"


class TestPages:
    def test_everybody_reads_it_in_their_language_without_signing_in(self) -> None:
        read = {
            language: Client(headers={"accept-language": language}).get(reverse("portal:policy")).content.decode()
            for language in ("it", "en")
        }
        assert "entro 10 minuti" in read["it"]
        assert "within 10 minutes" in read["en"]
        assert all('id="cover.own-code"' in page for page in read.values())

    def test_an_earlier_edition_says_so_and_one_that_is_not_there_is_not_found(self, admin: User) -> None:
        actions.change_clause(code="promise.first", wording=WORDING, **by(admin))
        visitor = Client(headers={"accept-language": "en"})
        earlier, missing = (visitor.get(reverse("portal:policy-edition", args=[number])) for number in (1, 3))
        assert "This is an earlier edition." in earlier.content.decode()
        assert "This is an earlier edition." not in visitor.get(reverse("portal:policy")).content.decode()
        assert missing.status_code == 404

    def test_an_administrator_changes_a_clause_on_the_page(self, client: Client, admin: User) -> None:
        client.force_login(admin)
        address = reverse("desk:edit-clause", args=["promise.first"])
        assert "10 minuti" in client.get(address).content.decode()
        answer = client.post(address, {"text_it": WORDING.text_it, "text_en": WORDING.text_en})
        assert answer.headers["Location"] == reverse("desk:support-policy")
        assert texts(policy_in_force())["promise.first"] == WORDING.text_en

    def test_a_taken_id_is_said_beside_its_field_and_nothing_typed_is_lost(self, client: Client, admin: User) -> None:
        client.force_login(admin)
        answer = client.post(
            reverse("desk:new-clause"), {"code": "data.duty", "text_it": WORDING.text_it, "text_en": WORDING.text_en}
        )
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"code"}
        assert WORDING.text_en in answer.content.decode()

    def test_markup_in_a_clause_is_text(self, client: Client, admin: User) -> None:
        actions.change_clause(
            code="promise.first", wording=Wording(text_it="<b>ora</b>", text_en="<b>now</b>\nor later"), **by(admin)
        )
        page = client.get(reverse("portal:policy"), headers={"accept-language": "en"}).content.decode()
        assert "&lt;b&gt;now&lt;/b&gt;<br>or later" in page

    def test_its_queries_do_not_grow_with_the_clauses(
        self, client: Client, admin: User, django_assert_num_queries: Any
    ) -> None:
        for number in range(30):
            actions.add_clause(code=f"cover.more-{number}", wording=WORDING, **by(admin))
        with django_assert_num_queries(2):
            client.get(reverse("portal:policy"))
