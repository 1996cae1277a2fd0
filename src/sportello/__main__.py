"""`sportello` on the command line, and `python -m sportello`."""

from __future__ import annotations

import sys

EX_TEMPFAIL = 75
"""sysexits.h: try again later. A mail server keeps the mail."""


def main() -> None:
    """Run the command and leave with its exit code.

    `sportello mail receive` is the last hop of somebody's mail: whatever goes wrong, down to a broken installation or a misspelt option, the
    mail server must keep the mail. Hence the import within the guard.
    """
    arguments = sys.argv[1:]
    if arguments[:2] == ["mail", "receive"] and not {"-h", "--help"} & set(arguments):
        sys.exit(_keep_the_mail(arguments))
    from sportello.config import cli

    sys.exit(cli.run(arguments))


def _keep_the_mail(arguments: list[str]) -> int:
    """0 when the mail is stored, else 75."""
    try:
        from sportello.config import cli

        stored = cli.run(arguments) == 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, the mail was not stored
        print(f"sportello: the mail was not stored: {str(error) or type(error).__name__}", file=sys.stderr)
        stored = False
    return 0 if stored else EX_TEMPFAIL


if __name__ == "__main__":
    main()
