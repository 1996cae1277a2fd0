"""`sportello setup`: from nothing to an installation that an administrator can sign in to."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from functools import partial

from sportello.config import addresses, announcement, asking, cli, embedded, ground, kept, stamp, variables
from sportello.config.asking import Step
from sportello.config.env import Setting, SettingError
from sportello.core.errors import Refused

_TITLES = {
    variables.PROVIDER_NAME.name: ("name", "Name of the provider, on pages and in mails"),
    variables.LANGUAGE.name: ("language", "Language for whoever has not chosen one (it or en)"),
    variables.TIMEZONE.name: ("timezone", "Time zone"),
    variables.PUBLIC_URL.name: ("url", "Address at which browsers reach Sportello"),
}


def run(options: argparse.Namespace) -> int:
    """0 when all that is needed is there, else 1. What was answered before somebody left stands."""
    if addresses.is_demo():
        raise SettingError(
            "This data folder holds the demonstration. Set SPORTELLO_DATA to another folder and begin there."
        )
    if options.check and _is_bare():
        print("Nothing is set up yet. Begin with: sportello setup")
        return 1
    by = None if options.no_input or options.check or not sys.stdin.isatty() else input
    try:
        return _check(options) if options.check else _go(options, by)
    except (EOFError, KeyboardInterrupt):
        print(f"\nLeft. What was answered stands; go on with: {announcement.own_command('setup')}")
        return 1


def _go(options: argparse.Namespace, by: asking.Ask | None) -> int:
    data = variables.DATA.read()
    ground.make_data_folder(data)
    if not variables.SECRET_KEY.read():
        ground.ensure_secret_key()
    if by:
        print("Enter takes what stands in brackets, - leaves a question for later, Ctrl-C leaves them all.\n")
    given = {name.replace("_", "-"): value for name, value in vars(options).items() if isinstance(value, str)}
    _answer(_of_the_environment(), given, by, again=options.all)
    with ground.database_at_hand(shared=True) as url:
        _prepare(url)
        _answer(_of_the_database(options, by), given, by, again=options.all)
        left = asking.missing([*_of_the_environment(), *_of_the_database(options, by)])
    _say_what_is_next(left)
    return 1 if left else 0


def _check(options: argparse.Namespace) -> int:
    with ground.database_at_hand(shared=True) as url:
        _set_up(url)
        from sportello.config.commands import prepare

        if prepare.migrations_waiting():
            raise SettingError(
                "The database is not of this version yet: run `sportello migrate`, or `sportello setup` without --check."
            )
        steps = [*_of_the_environment(), *_of_the_database(options, None)]
        print("\n".join(map(asking.line, steps)))
        left = asking.missing(steps)
    _say_what_is_next(left)
    return 1 if left else 0


def _is_bare() -> bool:
    """No database of our own, and none set."""
    return not variables.DATABASE_URL.read() and not embedded.cluster_in(variables.DATA.read()).folder.exists()


def _answer(steps: list[Step], given: Mapping[str, str], by: asking.Ask | None, *, again: bool) -> None:
    asking.give(steps, given)
    if by:
        asking.ask(steps, by=by, again=again)


# -- what processes read when they start ---------------------------------------------------------------------------------
def _of_the_environment() -> list[Step]:
    return [_setting(setting) for setting in kept.WRITTEN]


def _setting(setting: Setting[str]) -> Step:
    option, title = _TITLES[setting.name]
    outside = kept.is_from_outside(setting)

    def put(value: str) -> None:
        try:
            kept.write({setting.name: str(setting.parse(value.strip()))})
        except ValueError as error:
            raise SettingError(f"{value!r} cannot be used: {error}.") from None

    return Step(
        option,
        title,
        stands=lambda: setting.read() or addresses.public_url(),
        is_done=lambda: setting.raw() is not None,
        put=put,
        is_needed=setting is variables.PROVIDER_NAME,
        fixed=f"{setting.name} is set in the environment, change it there" if outside else "",
    )


# -- what stands in the database -----------------------------------------------------------------------------------------
def _of_the_database(options: argparse.Namespace, by: asking.Ask | None) -> list[Step]:
    from sportello.config import steps

    first = steps.administrator(partial(_make_administrator, options, by))
    return [first, *steps.steps(variables.PROVIDER_NAME.read())]


def _make_administrator(options: argparse.Namespace, by: asking.Ask | None, email: str) -> None:
    """Somebody who is one already stays as they are, their password too."""
    from sportello.accounts.actions import mail_address
    from sportello.accounts.queries import administrators
    from sportello.config.commands import user

    try:
        if mail_address(email) in {admin.email for admin in administrators()}:
            return
    except Refused as refused:
        raise SettingError(refused.message) from None
    name = options.admin_name or (by("Their name: ").strip() if by else "")
    if not name:
        raise SettingError("their name is missing: give --admin-name.")
    if not (options.password_file or by):
        raise SettingError("their password is missing: give --password-file, with - for standard input.")
    made = {"email": email, "name": name, "role": "admin", "password_file": options.password_file}
    user.create(argparse.Namespace(**made, language=variables.LANGUAGE.read()))


def _prepare(url: str) -> None:
    _set_up(url)
    if not stamp.is_current(url):
        from sportello.config.commands import prepare

        prepare.run(argparse.Namespace(check=False, demo=False))
        stamp.renew(url)


def _set_up(url: str) -> None:
    os.environ[variables.DATABASE_URL.name] = url
    os.environ.pop(f"{variables.DATABASE_URL.name}_FILE", None)
    cli.set_up_django()
    from django.utils import translation

    translation.activate("en")


# -- what is next --------------------------------------------------------------------------------------------------------
def _say_what_is_next(left: Iterable[Step]) -> None:
    missing = [step.title for step in left]
    if missing:
        print("\nStill missing:\n" + "\n".join(f"  {title}" for title in missing))
        print(f"Go on with: {announcement.own_command('setup')}")
        return
    print("\nAll that is needed is there. Nothing is sent to anyone until you say so on the desk.")
    print(f"Next: {announcement.own_command('up')}")
    print(
        f"then sign in at {addresses.public_url()}/desk/ and go on with “The first hour”, the link in the yellow line on top."
    )
