"""Compiles the translation catalogues into the wheel; they are not kept in the repository."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Runs before the files of the wheel are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        sys.path.insert(0, str(Path(self.root) / "src"))
        from sportello.config import catalogues  # noqa: PLC0415 - the path is known only here

        build_data["artifacts"] += [str(made.relative_to(self.root)) for made in catalogues.compile_all()]
