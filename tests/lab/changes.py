"""What can be done to a site, and how it is undone."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tests.lab.network import drop, let_through
from tests.lab.sites import Site

if TYPE_CHECKING:
    from tests.lab.scene import Lab


class Change(Protocol):
    """What is done to a site, and how it is undone."""

    def put(self, lab: Lab, site: Site) -> None: ...

    def undo(self, lab: Lab, site: Site) -> None: ...


@dataclass(frozen=True)
class Nothing:
    def put(self, lab: Lab, site: Site) -> None:
        """It is well as it is."""

    def undo(self, lab: Lab, site: Site) -> None:
        """It was."""


@dataclass(frozen=True)
class Files:
    """Files with other text than before, or that were not there. None: gone."""

    files: Mapping[str, str | None]

    def put(self, lab: Lab, site: Site) -> None:
        kept = lab.folder / "kept" / site.name
        for name, text in self.files.items():
            file = site.folder / name
            if file.exists():
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(file, kept / name)
            if text is not None:
                file.write_text(text)

    def undo(self, lab: Lab, site: Site) -> None:
        kept = lab.folder / "kept" / site.name
        for name in self.files:
            file = site.folder / name
            file.unlink(missing_ok=True)
            if (kept / name).exists():
                shutil.move(kept / name, file)


def rules(*lines: str) -> Files:
    """A file of the customer's that the web server obeys."""
    return Files({".htaccess": "\n".join(lines) + "\n"})


@dataclass(frozen=True)
class WrongPassword:
    def put(self, lab: Lab, site: Site) -> None:
        site.configure(lab.database, password="una-vecchia")

    def undo(self, lab: Lab, site: Site) -> None:
        site.configure(lab.database, password=lab.database.PASSWORD)


@dataclass(frozen=True)
class TablesMissing:
    """An import that has not come to its end, or a wrong prefix."""

    def put(self, lab: Lab, site: Site) -> None:
        lab.tables(site, "RENAME TABLE {table} TO gone_{table}")

    def undo(self, lab: Lab, site: Site) -> None:
        lab.tables(site, "RENAME TABLE gone_{table} TO {table}")


@dataclass(frozen=True)
class DatabaseDown:
    def put(self, lab: Lab, site: Site) -> None:
        lab.database.stop()

    def undo(self, lab: Lab, site: Site) -> None:
        lab.database.start()


@dataclass(frozen=True)
class PoolDown:
    """A site with this change has a pool of its own."""

    def put(self, lab: Lab, site: Site) -> None:
        lab.other_pool.stop()

    def undo(self, lab: Lab, site: Site) -> None:
        lab.other_pool.start()


@dataclass(frozen=True)
class RightsGone:
    def put(self, lab: Lab, site: Site) -> None:
        site.folder.chmod(0o700)

    def undo(self, lab: Lab, site: Site) -> None:
        site.folder.chmod(0o755)


@dataclass(frozen=True)
class Certificate:
    """Of that name, valid for so many days, signed by somebody or by itself."""

    name: str = ""
    days: int = 60
    signed: bool = True

    def put(self, lab: Lab, site: Site) -> None:
        assert site.certificate is not None
        lab.authority.issue(site.certificate, self.name or site.name, days=self.days, signed=self.signed)
        lab.reload_web = True

    def undo(self, lab: Lab, site: Site) -> None:
        Certificate().put(lab, site)


@dataclass(frozen=True)
class Records:
    """Other records in the zone than ours. None: the domain is not registered (any more)."""

    records: tuple[str, ...] | None

    def put(self, lab: Lab, site: Site) -> None:
        if self.records is None:
            lab.names.forget(site.name)
        else:
            lab.names.put(site.name, self.records)
        lab.reload_names = True

    def undo(self, lab: Lab, site: Site) -> None:
        lab.put_in_zone(site)
        lab.reload_names = True


@dataclass(frozen=True)
class SignaturesExpired:
    """Nobody has signed the zone anew. A site with this change has a signed zone."""

    def put(self, lab: Lab, site: Site) -> None:
        lab.names.signed[site.name] = False
        lab.reload_names = True

    def undo(self, lab: Lab, site: Site) -> None:
        lab.names.signed[site.name] = True
        lab.reload_names = True


@dataclass(frozen=True)
class WebServerDown:
    """A site with this change has a web server of its own."""

    def put(self, lab: Lab, site: Site) -> None:
        lab.solos[site.name].stop()

    def undo(self, lab: Lab, site: Site) -> None:
        lab.start_solo(site)


@dataclass(frozen=True)
class WebServerFrozen:
    """Its ports take connections, and nobody says a word. A site with this change has a web server of its own."""

    def put(self, lab: Lab, site: Site) -> None:
        lab.solos[site.name].program.freeze()

    def undo(self, lab: Lab, site: Site) -> None:
        lab.solos[site.name].program.thaw()


@dataclass(frozen=True)
class Filtered:
    def put(self, lab: Lab, site: Site) -> None:
        drop(site.address)

    def undo(self, lab: Lab, site: Site) -> None:
        let_through(site.address)


@dataclass(frozen=True)
class Door:
    """Another way for the mail server to take other servers' mail at this address; the options are Postfix's."""

    options: str

    def put(self, lab: Lab, site: Site) -> None:
        lab.mail.doors[site.address] = self.options
        lab.reload_mail = True

    def undo(self, lab: Lab, site: Site) -> None:
        Door("").put(lab, site)


@dataclass(frozen=True)
class MailServerDown:
    """Where mail is read, too."""

    def put(self, lab: Lab, site: Site) -> None:
        del lab.mail.doors[site.address]
        lab.reload_mail = True

    def undo(self, lab: Lab, site: Site) -> None:
        Door("").put(lab, site)


@dataclass(frozen=True)
class Both:
    changes: tuple[Change, ...]

    def put(self, lab: Lab, site: Site) -> None:
        for change in self.changes:
            change.put(lab, site)

    def undo(self, lab: Lab, site: Site) -> None:
        for change in reversed(self.changes):
            change.undo(lab, site)
