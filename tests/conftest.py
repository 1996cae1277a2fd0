"""One PostgreSQL for the whole run, no way out of the machine, and settings that make tests quick without changing what they prove."""

from __future__ import annotations

import gc
import ipaddress
import os
import re
import shutil
import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from sportello.config import embedded, snapshot
from sportello.core import clock
from tests.config import furnished
from tests.dealing import dealt

_KEEP = """
    DO $$
    DECLARE
        name text;
        is_filled boolean;
    BEGIN
        CREATE SCHEMA kept;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
                       AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO is_filled;
            IF is_filled THEN
                EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
            END IF;
        END LOOP;
    END $$
"""
"""The rows that migrations made."""
_EMPTY = """
    DO $$
    DECLARE name text;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
                       AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
        LOOP
            EXECUTE format('DELETE FROM public.%I', name);
        END LOOP;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept'
        LOOP
            EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM kept.%I', name, name);
        END LOOP;
    END $$
"""
"""Without triggers: what is append-only could not be emptied between two tests. Whether it holds is asked of a started installation (S47)."""
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}


_TEMPLATE = "sportello_whole"
"""A database as all migrations leave it. Each process copies it, and migrates only what `make schema` has not seen yet."""


def _fill_template(cluster: embedded.Cluster) -> None:
    with psycopg.connect(cluster.maintenance_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
    with psycopg.connect(make_conninfo(cluster.url, dbname=_TEMPLATE)) as connection:
        connection.execute("SELECT set_config('search_path', '', true)")
        connection.execute(snapshot.FILE.read_bytes())
        connection.execute("UPDATE public.django_migrations SET applied = now()")


class _House:
    """The folder and the database server of this run: made by the first process, inherited by the parallel ones through the environment."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._server: embedded.Server | None = None

    def open(self) -> None:
        if "PYTEST_XDIST_WORKER" in os.environ:
            return
        self._folder = tempfile.TemporaryDirectory(prefix="sportello-tests-")
        os.environ["SPORTELLO_DATA"] = self._folder.name
        os.environ.setdefault("SPORTELLO_SECRET_KEY", "only-for-tests-" * 5)
        os.environ.setdefault("SPORTELLO_PROBES", "no")  # there is no way out of the machine
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
        if "DATABASE_URL" not in os.environ:
            self._server = embedded.Server(embedded.cluster_in(Path(self._folder.name)), options=_QUICK)
            self._server.start()
            os.environ["DATABASE_URL"] = self._server.cluster.url
            _fill_template(self._server.cluster)
            os.environ["TESTS_TEMPLATE"] = _TEMPLATE
        furnished_houses = Path(self._folder.name) / "furnished"
        furnished_houses.mkdir()
        os.environ[furnished.PLACE] = str(furnished_houses)

    def close(self) -> None:
        if self._server is not None:
            self._server.ask_to_stop()
            self._server.end(seconds=20)
        if self._folder is not None:
            self._folder.cleanup()


_house = _House()
_house.open()


def pytest_configure(config: pytest.Config) -> None:
    """Before django.setup(): cheap password hashes, static files by their plain names, mail kept in memory."""
    from django.conf import settings

    from sportello.core import files, lately

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    (settings.MEDIA_ROOT / files.MARK).parent.mkdir(exist_ok=True)
    (settings.MEDIA_ROOT / files.MARK).touch()
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = os.environ.get("TESTS_TEMPLATE")
    lately.SECONDS = 0.0  # tests follow one another more closely than people
    config.add_cleanup(_house.close)
    _empty_tables_row_by_row()


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """What is imported and collected stays to the end: whoever looked for garbage in it, again and again, would take a tenth of the whole run."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One that is begun last keeps a worker busy while the others have nothing left to take over."""
    items[:] = dealt(items, workers=int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")), cores=os.cpu_count() or 1)


def _empty_tables_row_by_row() -> None:
    """Between tests with real transactions the tables hold few rows: deleting those takes a tenth of the time of Django's TRUNCATE, and waits for
    no page that a browser just closed is still asking for. What migrations made is put back: in parallel any test may come after any other."""
    from django.db import connection
    from django.test import TransactionTestCase

    def empty(_test: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY)

    name = "_fixture_teardown"  # Django's hook, which its stubs do not know
    setattr(TransactionTestCase, name, empty)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.needs("dovecot", "root")`: left out where a program or the right to run it is missing, and said so at the end."""
    wanted = [name for marker in item.iter_markers("needs") for name in marker.args]
    lacking = [name for name in wanted if not _there(name)]
    if lacking:
        pytest.skip(f"needs {', '.join(lacking)} (requirements/system.txt)")


def _there(name: str) -> bool:
    if name == "root":
        return os.geteuid() == 0
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration nothing may be left out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("tests were left out, and CI=true", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


Tried = Callable[..., None]


@pytest.fixture
def time_stands_still(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """For a test that counts to a limit: it would begin to count anew at the end of each quarter or hour."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tried:
    """`tried("S12", 500)`: so many bad inputs were tried for a check; the run ends with the sums."""

    def count(check: str, inputs: int = 1) -> None:
        record_property("tried", [check, inputs])

    return count


def _attacks(calls: Sequence[pytest.TestReport]) -> list[str]:
    """A line a check: how many bad inputs were tried, and how many tests saw a wrong outcome."""
    inputs, wrong = Counter[str](), Counter[str]()
    for report in calls:
        counted = [value for value in _told(report, "tried") if isinstance(value, list)]
        for check, number in counted:
            inputs[check] += number
        wrong.update({check for check, _number in counted} if report.failed else ())
    return [f"{check}: bad inputs {inputs[check]}, wrong outcomes {wrong[check]}" for check in sorted(inputs)]


def _told(report: pytest.TestReport, wanted: str) -> list[object]:
    return [value for name, value in report.user_properties if name == wanted]


_WALLS = re.compile(r"bad inputs (\d+), wrong outcomes (\d+)")
_ALL = {
    "mails": ("acknowledged", "found", "lost", "doubled", "half tickets"),
    "replies": ("written", "sent", "doubled replies"),
    "faults": ("faults", "survived"),
}
"""What the tests of faults count alike (tests/faults/counts.py)."""


def _altogether(calls: Sequence[pytest.TestReport], lines: Sequence[str]) -> list[str]:
    """The sums, so that nobody has to add up a page of figures to see whether anything was lost."""
    sums = Counter[str]()
    worst = 0.0
    for figures in (each for report in calls for each in _told(report, "faults") if isinstance(each, dict)):
        sums.update({name: value for name, value in figures.items() if isinstance(value, int)})
        worst = max(worst, figures.get("worst recovery s", 0.0))
    walls = [found for line in lines if (found := _WALLS.search(line))]
    tried, wrong = (sum(int(found[place]) for found in walls) for place in (1, 2))
    told = [f"attacks: bad inputs {tried}, wrong outcomes {wrong}"] if walls else []
    if sums:
        parts = [f"{kind}: {', '.join(f'{name} {sums[name]}' for name in names)}" for kind, names in _ALL.items()]
        told += [*parts, f"worst recovery: {worst:.1f} s"]
    return told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have counted (`record_property("counted", …)`, `tried`), and the sums of it last, so that a run ends with its figures."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    calls = [report for report in reports if isinstance(report, pytest.TestReport) and report.when == "call"]
    attacks = _attacks(calls)
    counted = sorted(str(value) for report in calls for value in _told(report, "counted"))
    for title, lines in (
        ("attacks", attacks),
        ("counted", counted),
        ("altogether", _altogether(calls, [*attacks, *counted])),
    ):
        if lines:
            terminalreporter.section(title)
            terminalreporter.write_line("\n".join(lines))


@pytest.fixture(autouse=True)
def _no_language_of_another_test() -> None:
    """Each begins with the house's language: what an earlier one asked for in English stays active in the thread."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def in_english(_no_language_of_another_test: None) -> Iterator[None]:
    """For sentences that are raised, not shown."""
    from django.utils import translation

    with translation.override("en"):
        yield


class OutsideWorldError(RuntimeError):
    """A test tried to leave the machine."""


def _stays_inside(family: int, address: Any) -> bool:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return bool(address[0] == "localhost")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """A database in which mail goes out: that a new one sends nothing is asked where it matters. Its rows are kept for after it was emptied."""
    from django.db import connection

    from tests.factories import let_mail_out

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        let_mail_out()
        cursor.execute(_KEEP)


@pytest.fixture(autouse=True, scope="session")
def _no_outside_world() -> Iterator[None]:
    """Python's sockets reach loopback and Unix sockets only, whatever a test or a library tries."""
    patch = pytest.MonkeyPatch()

    def guarded(name: str) -> Any:
        original = getattr(socket.socket, name)

        def method(self: socket.socket, *args: Any) -> Any:
            if not _stays_inside(self.family, args[-1]):
                raise OutsideWorldError(f"{name} to {args[-1]}")
            return original(self, *args)

        return method

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, guarded(name))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _no_figures_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept for a minute is kept for one test: many have databases of their own in the same minute, and a minute may end in any of them."""
    from sportello.tickets.queries import desk

    monkeypatch.setattr(desk, "GLANCE_SECONDS", 10**10)
    desk.decided_before.cache_clear()
