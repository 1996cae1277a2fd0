"""An import on its way: interrupted, doubled, stopped; what it keeps, and what it forgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import Settings

from sportello.accounts.enums import Role
from sportello.accounts.models import AuditEntry
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.models import Contact, Customer
from sportello.imports.actions import syncing, taking
from sportello.imports.actions.running import carry_on
from sportello.imports.adapters.whmcs import calls
from sportello.imports.enums import Kind, Source, State, Trouble
from sportello.imports.models import Details, Import, ImportLine, ImportPortion
from sportello.services.enums import ServiceStatus
from sportello.services.models import Server, Service
from tests.factories import NOW, make_user
from tests.imports import whmcs_server

pytestmark = pytest.mark.django_db


def taken(tmp_path: Path, rows: int) -> Import:
    file = tmp_path / "clienti.csv"
    lines = (f"{number};Cliente {number};hunter2" for number in range(1, rows + 1))
    file.write_text("\n".join(["id;nome;password FTP", *lines]), encoding="utf-8")
    return taking.take_in(path=file, name="clienti.csv", kind=None, by=None, now=NOW)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code


class Killed(Exception):  # noqa: N818 - what happens to a worker
    """Ends a worker between two portions."""


def die(_row: Import) -> None:
    raise Killed


def test_what_may_be_secret_is_kept_nowhere(tmp_path: Path) -> None:
    row = taken(tmp_path, 3)
    assert (row.kind, row.header, row.secrets) == (Kind.CUSTOMERS, ["id", "nome"], ["password FTP"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(each::text, ' ') FROM (SELECT lines FROM imports_importportion) AS each")
        assert "hunter2" not in cursor.fetchone()[0]


def test_an_import_goes_on_where_its_worker_died(tmp_path: Path) -> None:
    row = taken(tmp_path, 2500)
    taking.begin(row=row, is_trial=False, by=None, now=NOW, is_deferred=False)
    for _time in range(2):
        with pytest.raises(Killed):
            carry_on(import_id=row.pk, now=clock.now, tell=die)
    row.refresh_from_db()
    assert (row.state, row.done, Customer.objects.count()) == (State.RUNNING, 2000, 2000)
    carry_on(import_id=row.pk, now=clock.now)
    row.refresh_from_db()
    assert (row.state, row.done, row.counts) == (State.DONE, 2500, {"new": 2500})
    assert list(row.lines.order_by("id").values_list("line", flat=True)[::1000]) == [2, 1002, 2002]
    assert (ImportLine.objects.count(), ImportPortion.objects.count()) == (2500, 0)


def test_a_trial_that_died_begins_again_and_leaves_nothing(tmp_path: Path) -> None:
    row = taken(tmp_path, 1500)
    taking.begin(row=row, is_trial=True, by=None, now=NOW, is_deferred=False)
    with pytest.raises(Killed):
        carry_on(import_id=row.pk, now=clock.now, tell=die)
    carry_on(import_id=row.pk, now=clock.now)
    row.refresh_from_db()
    assert (row.state, row.counts, Customer.objects.count(), ImportLine.objects.count()) == (
        State.TRIED, {"new": 1500}, 0, 1500,
    )  # fmt: skip


def test_one_that_was_stopped_goes_no_further(tmp_path: Path) -> None:
    row = taken(tmp_path, 1500)
    taking.begin(row=row, is_trial=False, by=None, now=NOW, is_deferred=False)

    def stop(_row: Import) -> None:
        taking.stop(row=row, by=make_user(role=Role.ADMIN), now=NOW, address=None)

    with refused("import-gone-on"):
        carry_on(import_id=row.pk, now=clock.now, tell=stop)
    row.refresh_from_db()
    assert (row.state, Customer.objects.count(), ImportPortion.objects.count()) == (State.STOPPED, 1000, 0)


def test_the_columns_are_remembered(tmp_path: Path) -> None:
    file = tmp_path / "altro.csv"
    file.write_text("Nr.;Intestazione;Note\n1;Doria;x\n", encoding="utf-8")
    row = taking.take_in(path=file, name="a", kind=Kind.CUSTOMERS, by=None, now=NOW)
    with refused("columns-missing"):
        taking.begin(row=row, is_trial=True, by=None, now=NOW)
    chosen = {"external_id": "Nr.", "name": "Intestazione"}
    taking.choose(row=row, kind=Kind.CUSTOMERS, chosen={**chosen, "code": ""}, by=None)
    taking.begin(row=row, is_trial=True, by=None, now=NOW, is_deferred=False)
    again = taking.take_in(path=file, name="b", kind=Kind.CUSTOMERS, by=None, now=NOW)
    assert again.chosen == chosen


def test_only_administrators_import(tmp_path: Path) -> None:
    row, agent = taken(tmp_path, 1), make_user()
    with refused("admin-only"):
        taking.begin(row=row, is_trial=True, by=agent, now=NOW)
    with refused("admin-only"):
        taking.begin_sync(source=Source.WHMCS, is_trial=True, by=agent, now=NOW)


def test_files_nobody_went_on_with_and_old_reports_are_forgotten(tmp_path: Path) -> None:
    draft, done = taken(tmp_path, 2), taken(tmp_path, 2)
    taking.begin(row=done, is_trial=False, by=None, now=NOW, is_deferred=False)
    carry_on(import_id=done.pk, now=lambda: NOW)
    taking.tidy(now=NOW + timedelta(days=6))
    assert (ImportPortion.objects.count(), ImportLine.objects.count()) == (1, 2)
    taking.tidy(now=NOW + timedelta(days=366))
    draft.refresh_from_db()
    assert (draft.state, draft.trouble) == (State.STOPPED, Trouble.TOO_OLD)
    assert (ImportPortion.objects.count(), ImportLine.objects.count()) == (0, 0)


# -- a billing system --------------------------------------------------------------------------------------------------
@pytest.fixture
def whmcs(settings: Settings) -> Iterator[whmcs_server.Whmcs]:
    provider = whmcs_server.small_provider()
    with whmcs_server.serving(provider) as url:
        settings.WHMCS_URL, settings.WHMCS_NETWORKS = url, [ip_network("127.0.0.0/8")]
        settings.WHMCS_IDENTIFIER, settings.WHMCS_SECRET = whmcs_server.IDENTIFIER, whmcs_server.SECRET
        yield provider


def synced(*, is_trial: bool = False) -> Import:
    row = taking.begin_sync(source=Source.WHMCS, is_trial=is_trial, by=None, now=NOW, is_deferred=False)
    carry_on(import_id=row.pk, now=clock.now)
    row.refresh_from_db()
    return row


def test_whmcs_comes_in_whole_and_again_as_before(whmcs: whmcs_server.Whmcs) -> None:
    tried = synced(is_trial=True)
    assert (tried.counts, Customer.objects.count()) == ({"new": 10}, 0)
    assert synced().counts == {"new": 10}
    assert synced().counts == {"same": 10}
    shop = Service.objects.get(external_id="51")
    assert (shop.customer.name, shop.plan, str(shop.server), str(shop.ends_on)) == (
        "Caffè Doria Srl", "Shop", "web-1", "2027-02-02",
    )  # fmt: skip
    anna = Contact.objects.get(external_id="client/1")
    assert (anna.sees_all, anna.phone, Contact.objects.get(external_id="9").sees_all) == (True, "+390255501041", False)
    assert list(Customer.objects.order_by("external_id").values_list("is_active", flat=True)) == [True, False, False]
    whmcs.products.pop()
    whmcs.products[0]["status"] = "Suspended"
    again = synced()
    assert again.counts == {"changed": 1, "ended": 1, "same": 8}
    assert list(Service.objects.order_by("external_id").values_list("status", flat=True))[:2] == [
        ServiceStatus.SUSPENDED, ServiceStatus.ENDED,
    ]  # fmt: skip
    assert Server.objects.get().name == "web-1"


def test_no_secret_of_whmcs_is_anywhere_in_the_database(whmcs: whmcs_server.Whmcs) -> None:
    synced(is_trial=True)
    synced()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for name in tables:
            cursor.execute(f"SELECT 1 FROM {name} AS row WHERE row::text ~ 'hunter2|Fido|secret-of-the-api' LIMIT 1")  # noqa: S608 - a name of our own
            found += [name] if cursor.fetchone() else []
    assert (found, len(whmcs.asked)) == ([], 16)


def test_a_list_that_breaks_off_changes_nothing(whmcs: whmcs_server.Whmcs) -> None:
    synced()
    whmcs.clients = whmcs.clients[:1]
    whmcs.domains.append({"id": 77, "userid": 1, "domainname": "new.example", "status": "Active"})
    whmcs.broken = "GetClientsDomains"
    row = synced()
    assert (row.state, row.trouble, row.counts) == (State.FAILED, Trouble.NOT_UNDERSTOOD, {})
    assert (ImportPortion.objects.count(), Service.objects.filter(status=ServiceStatus.ENDED).count()) == (0, 0)


def test_a_billing_system_that_lost_most_ends_nobody(whmcs: whmcs_server.Whmcs) -> None:
    large = whmcs_server.large_provider(15)
    whmcs.clients, whmcs.details, whmcs.products = large.clients, large.details, large.products
    whmcs.contacts, whmcs.domains = [], []
    synced()
    whmcs.products = []
    row = synced()
    assert (row.state, row.trouble, row.trouble_detail) == (State.DONE, Trouble.MANY_VANISHED, '[["services", 15, 15]]')
    assert Service.objects.filter(status=ServiceStatus.ENDED).count() == 0


def test_many_end_once_somebody_says_that_it_is_meant(whmcs: whmcs_server.Whmcs) -> None:
    large = whmcs_server.large_provider(30)
    whmcs.clients, whmcs.details, whmcs.products = large.clients, large.details, large.products
    whmcs.contacts, whmcs.domains = [], []
    synced()
    whmcs.products = whmcs.products[:5]
    row, client = synced(), Client()
    client.force_login(make_user(role=Role.ADMIN, language="en"))
    page = reverse("desk:import", args=[row.public_id])
    assert (row.counts["waits"], "Is it meant?" in client.get(page).content.decode()) == (25, True)
    client.post(reverse("desk:go-import", args=[row.public_id]))
    carry_on(import_id=row.pk, now=clock.now)
    row.refresh_from_db()
    assert (row.state, row.trouble, row.counts["ended"]) == (State.DONE, "", 25)
    assert Service.objects.filter(status=ServiceStatus.ENDED).count() == 25
    with refused("import-gone-on"):
        taking.let_end(row=row, by=None, now=clock.now(), address=None)


def test_what_was_imported_again_since_is_ended_by_the_later_one(whmcs: whmcs_server.Whmcs) -> None:
    large = whmcs_server.large_provider(30)
    whmcs.clients, whmcs.details, products = large.clients, large.details, large.products
    whmcs.products, whmcs.contacts, whmcs.domains = products, [], []
    synced()
    whmcs.products = []
    lost = synced()
    whmcs.products = products
    synced()
    with refused("import-gone-on"):
        taking.let_end(row=lost, by=None, now=clock.now(), address=None)


def details_asked(whmcs: whmcs_server.Whmcs) -> list[str]:
    asked = [each["clientid"] for each in whmcs.asked if each["action"] == "GetClientsDetails"]
    whmcs.asked.clear()
    return asked


def test_details_are_asked_for_whom_is_new_or_changed(whmcs: whmcs_server.Whmcs) -> None:
    synced(is_trial=True)
    assert details_asked(whmcs) == ["1", "2", "3"]
    synced()
    assert details_asked(whmcs) == ["1", "2", "3"], "a trial has stored nothing of them"
    whmcs.clients[1]["companyname"] = "Greco Srl"
    assert synced().counts == {"changed": 1, "same": 9}
    assert details_asked(whmcs) == ["2"]
    assert Customer.objects.get(external_id="1").vat_number == "00743110157"
    Details.objects.update(asked_at=NOW - timedelta(days=30))
    assert synced().counts == {"same": 10}
    assert details_asked(whmcs) == ["1", "2", "3"], "what only the details say may have changed"
    assert Details.objects.count() == 3


def test_a_sync_goes_on_where_the_billing_system_fell_silent(
    whmcs: whmcs_server.Whmcs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "PAUSES", ())
    large = whmcs_server.large_provider(130)
    whmcs.clients, whmcs.details, whmcs.silent_after = large.clients, large.details, 125
    row = taking.begin_sync(source=Source.WHMCS, is_trial=False, by=None, now=NOW, is_deferred=False)
    carry_on(import_id=row.pk, now=clock.now, is_patient=True)
    row.refresh_from_db()
    assert (row.state, row.is_read, row.rows, Customer.objects.count()) == (State.RUNNING, False, 199, 0)
    first, whmcs.silent_after = details_asked(whmcs), 0
    carry_on(import_id=row.pk, now=clock.now, is_patient=True)
    row.refresh_from_db()
    assert (row.state, Customer.objects.count()) == (State.DONE, 130)
    assert Contact.objects.filter(external_id__startswith="client/").count() == 130
    assert len(first) + len(details_asked(whmcs)) < 160, "those of the rows that were kept are not asked for again"


def test_one_that_stays_silent_is_given_up(whmcs: whmcs_server.Whmcs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "PAUSES", ())
    whmcs.silent_after = 1
    row = taking.begin_sync(source=Source.WHMCS, is_trial=False, by=None, now=NOW, is_deferred=False)
    carry_on(import_id=row.pk, now=clock.now, is_patient=True)
    row.refresh_from_db()
    assert (row.state, row.trouble) == (State.FAILED, Trouble.UNREACHABLE)


@pytest.mark.usefixtures("whmcs")
def test_it_is_read_by_itself_as_often_as_the_settings_say() -> None:
    syncing.sync_if_due(now=NOW)
    assert Import.objects.count() == 0
    with override_settings(WHMCS_EVERY_HOURS=6):
        for hours in (0, 1, 7):
            syncing.sync_if_due(now=NOW + timedelta(hours=hours))
        assert Import.objects.count() == 1  # the first one is still going on
        Import.objects.update(state=State.DONE)
        syncing.sync_if_due(now=NOW + timedelta(hours=7))
    assert (Import.objects.count(), AuditEntry.objects.filter(act="import-begun").count()) == (2, 2)
