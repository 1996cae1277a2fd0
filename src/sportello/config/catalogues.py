"""Translation catalogues: `.po` is written by people and kept, `.mo` is compiled from it where the program is installed.

`python -m sportello.config.catalogues` compiles what has changed. Babel does it, so that no GNU gettext is needed.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from sportello.config import PACKAGE


def compile_all() -> list[Path]:
    """Compile each catalogue that is newer than its `.mo`; all the `.mo` files there are then."""
    return [_compiled(source) for source in sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/*.po"))]


def _compiled(source: Path) -> Path:
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
        _compile(source, target)
    return target


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as words:
        catalogue = read_po(words, locale=source.parent.parent.name)
    draft = target.with_suffix(".mo.new")
    with draft.open("wb") as compiled:
        write_mo(compiled, catalogue)
    draft.replace(target)


if __name__ == "__main__":
    compile_all()
