"""Sites of the provider's customers: where they are, and what stands in their folders."""

from __future__ import annotations

import enum
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.lab import pages
from tests.lab.programs import Database

SOURCE = Path("/usr/share/wordpress")


class Kind(enum.Enum):
    STATIC = "static"
    PHP = "PHP"
    WORDPRESS = "WordPress"
    MAIL = "mail"


@dataclass(frozen=True)
class Site:
    name: str
    kind: Kind
    address: str
    folder: Path
    """The web server's document root."""
    certificate: Path | None = None
    prefix: str = "wp_"
    neighbours: tuple[str, ...] = ()
    """Other customers' sites at the same address."""
    port: int = 80
    """Of http. Other than the usual one where that is somebody else's."""
    share_its_fate: bool = False
    """What ails it ails its neighbours: it is the server's."""

    @property
    def scheme(self) -> str:
        return "http" if self.certificate is None else "https"

    def host(self, php: Path, others: Path) -> str:
        """Its part of Apache's configuration, and its neighbours'. PHP is run by the pool at that socket."""
        aliases = f"www.{self.name} {' '.join(self.neighbours if self.share_its_fate else ())}"
        inside = (
            f"ServerName {self.name}\nServerAlias {aliases}\nDocumentRoot {self.folder}\n"
            f"<Directory {self.folder}>\nAllowOverride All\nOptions FollowSymLinks\nRequire all granted\n"
            "DirectoryIndex index.php index.html\n</Directory>\n"
            f'<FilesMatch "\\.php$">\nSetHandler "proxy:unix:{php}|fcgi://{self.name}"\n</FilesMatch>\n'
        )
        hosts = [f"<VirtualHost {self.address}:{self.port}>\n{inside}</VirtualHost>"]
        if self.certificate is not None:
            tls = f"SSLEngine on\nSSLCertificateFile {self.certificate}\n"
            hosts.append(f"<VirtualHost {self.address}:443>\n{inside}{tls}</VirtualHost>")
        if not self.share_its_fate:
            first, *more = self.neighbours
            hosts.append(
                f"<VirtualHost {self.address}:{self.port}>\nServerName {first}\nServerAlias {' '.join(more)}\nDocumentRoot {others}\n"
                f"<Directory {others}>\nRequire all granted\n</Directory>\n</VirtualHost>"
            )
        return "\n".join(hosts)

    def build(self, database: Database) -> None:
        self.folder.mkdir(parents=True)
        if self.kind is Kind.STATIC:
            (self.folder / "index.html").write_text(pages.FALEGNAMERIA)
        elif self.kind is Kind.PHP:
            (self.folder / "index.php").write_text(pages.FALEGNAMERIA)
        elif self.kind is Kind.WORDPRESS:
            self._build_wordpress(database)

    def _build_wordpress(self, database: Database) -> None:
        for file in SOURCE.glob("*.php"):
            if file.name != "wp-config.php":
                shutil.copy(file, self.folder)
        for name in ("wp-admin", "wp-includes"):
            (self.folder / name).symlink_to(SOURCE / name)
        theme = self.folder / "wp-content" / "themes" / "bottega"
        theme.mkdir(parents=True)
        (self.folder / "wp-content" / "mu-plugins").mkdir()
        for name, text in pages.THEME.items():
            (theme / name).write_text(text)
        self.configure(database, password=database.PASSWORD)

    def configure(self, database: Database, *, password: str) -> None:
        values = {"database": database.NAME, "user": database.USER, "socket": database.socket, "prefix": self.prefix}
        text = pages.CONFIGURATION.format(**values, password=password, scheme=self.scheme, name=self.name)
        (self.folder / "wp-config.php").write_text(text)

    def install(self) -> None:
        """WordPress's own first step, into a database that has none yet."""
        command = ["php", "-d", "error_reporting=0", "-r", pages.INSTALL]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=120)
