"""The whole command line on one screen. A command's code is imported only when it is asked for."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sportello import __version__
from sportello.config import kept, pooling, processes, service_manager, variables
from sportello.config.env import Setting, SettingError

Run = Callable[[argparse.Namespace], int]
PAGES = "sportello.config.urls"
"""With it all pages are imported; mails need it, too, for the addresses that stand in them."""


def run(arguments: list[str]) -> int:
    """Carry out one command; the exit code. What a person set wrongly becomes one sentence, not a traceback."""
    options = _parser().parse_args(arguments)
    processes.give_large_memory_back()
    if options.gives_signs:
        service_manager.give_signs()
    try:
        kept.load()
        return _command(options)(options)
    except SettingError as error:
        print(f"sportello: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _command(options: argparse.Namespace) -> Run:
    if options.django:
        set_up_django(options.connections)
    found: Run = pkgutil.resolve_name(f"sportello.config.commands.{options.code}")
    return found


def set_up_django(connections: Setting[int] | None = None) -> None:
    """`connections` is the setting that says how many database connections a process that lives long keeps; a few more are for its own threads."""
    if connections is not None:
        pooling.keep(connections.read() + 4)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
    import django

    with _nothing_collected():
        django.setup()


def preload(*modules: str) -> None:
    """Import before forking, and before anybody waits."""
    with _nothing_collected():
        for module in modules:
            importlib.import_module(module)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Importing makes next to no garbage: looking for it costs a tenth of the start. What is there afterwards stays one copy for all forks."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sportello", description="The support desk of a web-hosting provider.")
    parser.add_argument("--version", action="version", version=f"Sportello {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _processes(commands)
    _house(commands)
    _mail(commands)
    _users(commands)
    return parser


def _processes(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    up = _add(commands, "up", "up:run", "run everything on this machine until Ctrl-C", django=False)
    up.add_argument(
        "--demo", action="store_true", help="fill an empty database with the demonstration; no mail leaves the machine"
    )
    web = _add(commands, "web", "serve:web", "run the pages", django=False)
    live = _add(commands, "live", "serve:live", "run the live updates", django=False)
    worker = _add(commands, "worker", "work:run", "run the jobs")
    worker.set_defaults(connections=variables.WORKER_JOBS)
    door = _add(commands, "mail-door", "door:run", "take mail in, by LMTP, SMTP and IMAP")
    door.set_defaults(connections=variables.DOOR_THREADS)
    for process in (web, live, worker, door):
        process.set_defaults(gives_signs=True)


def _house(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    migrate = _add(commands, "migrate", "prepare:run", "bring the database and the static files up to this version")
    migrate.add_argument("--demo", action="store_true", help="then fill an empty database with the demonstration")
    migrate.add_argument("--check", action="store_true", help="change nothing; exit 1 if something would change")
    _add(commands, "demo", "demo:run", "fill an empty database with the demonstration")
    _add(commands, "doctor", "examine:run", "say what is wrong and how to mend it; exit 1 if anything is", django=False)
    _set_up(commands)
    _backups(commands)
    _imports(commands)
    checked = _add(
        commands,
        "check-files",
        "files:run",
        "read every file that is named anywhere; exit 1 if one is missing or altered",
    )
    checked.add_argument(
        "--give-up",
        nargs="+",
        default=[],
        metavar="SHA256",
        help="call these lost for good, if they are missing or altered",
    )
    export = _add(
        commands, "status-export", "status:export", "write the public status as files, for another host to show"
    )
    export.add_argument("folder", type=Path, metavar="FOLDER")
    _add(commands, "settings", "reference:run", "print every setting, as in docs/settings.md", django=False)


def _set_up(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Every answer may be given as an option; what is not given is asked for, where there is a terminal."""
    command = _add(
        commands,
        "setup",
        "setup:run",
        "ask for what a new installation needs; can be left and begun again",
        django=False,
    )
    command.add_argument("--check", action="store_true", help="ask and change nothing; exit 1 if something is missing")
    command.add_argument("--all", action="store_true", help="ask again for what is there already, too")
    command.add_argument("--no-input", action="store_true", help="take the options alone; ask for nothing")
    command.add_argument("--name", help="the provider's name, on pages and in mails")
    command.add_argument("--language", metavar="it|en", help="for whoever has not chosen one")
    command.add_argument("--timezone", metavar="ZONE", help="such as Europe/Rome")
    command.add_argument("--url", metavar="ADDRESS", help="where browsers reach Sportello: https://support.example.com")
    command.add_argument("--admin-mail", metavar="MAIL", help="the first administrator")
    command.add_argument("--admin-name", metavar="NAME")
    command.add_argument("--password-file", metavar="FILE", help="their password ('-' for standard input)")
    command.add_argument("--support-address", metavar="MAIL", help="where customers write to")
    command.add_argument("--presales-address", metavar="MAIL", help="where those write who are no customers yet")
    command.add_argument("--telephone", metavar="NUMBERS", help="numbers at which you are called, commas between")
    command.add_argument("--hours", metavar="HOURS", help="of support: 24/7, or 'Mon-Fri 9:00-18:00; Sat 9:00-13:00'")
    command.add_argument("--presales-hours", metavar="HOURS")
    command.add_argument(
        "--holidays", metavar="CC", help="closed on this country's public holidays: IT; 'none' for none"
    )
    command.add_argument("--promise", metavar="MINUTES", help="first answer, next answers, news in analysis: 10,60,240")


def _imports(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _add(
        commands, "import", "load:run", "bring in customers, contacts, servers, services or domains from CSV or WHMCS"
    )
    command.add_argument("kind", choices=["customers", "contacts", "servers", "services", "domains", "whmcs"])
    command.add_argument("file", type=Path, metavar="FILE", nargs="?", help="the CSV file; none for whmcs")
    command.add_argument("--columns", type=Path, metavar="TOML", help="which of the file's columns is which")
    command.add_argument("--dry-run", action="store_true", help="say what would become of every row; change nothing")
    command.add_argument("--report", type=Path, metavar="CSV", help="write there what became of every row")
    command.add_argument("--whole", action="store_true", help="the file holds all there is: what is not in it ends")
    command.add_argument(
        "--many-may-end", action="store_true", help="with --whole: even if that is more than three in ten"
    )


def _backups(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = _add(commands, "backup", "backup:run", "save database and files as of one moment, encrypted")
    backup.add_argument("--keep", type=_at_least_one, metavar="N", help="then remove all but the newest N backups")
    backup.add_argument("--check", action="store_true", help="then read the whole store and compare every byte")
    restore = _add(commands, "restore", "restore:run", "bring back a backup, into an empty database", django=False)
    instead = restore.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="only say which backups there are")
    instead.add_argument(
        "--test",
        action="store_true",
        help="bring it back into a database of its own, which is then thrown away, and say whether all of it is equal; the desk goes on",
    )
    restore.add_argument("--snapshot", default="latest", metavar="ID", help="which one; default: the newest")
    instead.add_argument(
        "--overwrite", action="store_true", help="even if the database is filled: what it holds is lost"
    )
    restore.add_argument(
        "--send-waiting",
        action="store_true",
        help="do not hold back the mails that waited to be sent at the moment of the backup: some may arrive twice",
    )


def _at_least_one(raw: str) -> int:
    number = int(raw)
    if number < 1:
        raise ValueError(raw)
    return number


def _mail(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    mail = commands.add_parser("mail", help="take one mail in by hand").add_subparsers(required=True, metavar="COMMAND")
    receive = _add(mail, "receive", "pipe:run", "store the mail on standard input; exit 75 when that could not be done")
    receive.set_defaults(connections=variables.DOOR_THREADS)  # a pool's are those that are not waited for without end
    recipient = receive.add_mutually_exclusive_group()
    recipient.add_argument(
        "recipient", nargs="?", default=argparse.SUPPRESS, metavar="RECIPIENT", help="the same as --recipient"
    )
    recipient.add_argument(
        "--recipient",
        metavar="ADDRESS",
        help="the envelope's recipient; default: the first of our addresses in its headers",
    )
    receive.add_argument("--sender", default="", metavar="ADDRESS", help="the envelope's sender; empty for bounces")
    _add(mail, "preview", "preview:run", "say what fetching by IMAP would take in; takes nothing in")
    _add(mail, "send-held", "mail:send_held", "send the mails that were held back")
    _add(mail, "discard-held", "mail:discard_held", "never send the mails that were held back")
    sending = _add(mail, "sending", "mail:sending", "say or change whether mail goes out at all")
    sending.add_argument("switch", nargs="?", choices=("on", "off"))
    sending.add_argument(
        "--held", choices=("send", "discard"), default="discard", help="with on: what becomes of what was held back"
    )
    send = _add(
        mail,
        "send-test",
        "mail:send_test",
        "hand a first mail to the mail door, as a customer's mail server would",
        django=False,
    )
    send.add_argument("--recipient", metavar="ADDRESS", help="default: the first support address")
    send.add_argument("--sender", default="prova@example.com", metavar="ADDRESS")
    send.add_argument("--subject", default="Il sito non si apre", metavar="TEXT")
    send.add_argument(
        "--text", default="Buongiorno,\n\ndalle 9 il sito non si apre. Potete guardare?\n\nGrazie", metavar="TEXT"
    )


def _users(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    user = commands.add_parser("user", help="members of staff").add_subparsers(required=True, metavar="COMMAND")
    create = _add(user, "create", "user:create", "make a member of staff; asks for the password")
    create.add_argument("email", metavar="MAIL")
    create.add_argument("--name", required=True)
    create.add_argument("--role", choices=("admin", "agent", "read_only"), default="agent")
    create.add_argument("--language", choices=("it", "en"), default="it", help="of their pages and mails")
    create.add_argument(
        "--password-file", metavar="FILE", help="read the password from here ('-' for standard input) instead of asking"
    )


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    code: str,
    about: str,
    *,
    django: bool = True,
) -> argparse.ArgumentParser:
    """A command: its name, the function under `commands/` that does it, and whether Django is set up before that is imported."""
    parser = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    parser.set_defaults(code=code, django=django, connections=None, gives_signs=False)
    return parser
