from __future__ import annotations

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "sportello.watch"

    def ready(self) -> None:
        # Rows exist only once the applications are loaded.
        from sportello.core import files  # noqa: PLC0415 - see above
        from sportello.watch import actions, queries  # noqa: PLC0415 - see above

        files.damaged.connect(actions.on_damaged_file, dispatch_uid="watch")
        files.known.is_ours = queries.store_is_ours
