"""Typed settings from the environment. `NAME_FILE` gives a value from a file, which is how secrets should come.

A setting is declared once, as a value of this module (`variables.py` has them all), with its type, its default and what it is for. From that
declaration come the reading, the error sentence, `docs/settings.md` and the warning about a misspelt name.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import SplitResult, quote, urlsplit
from zoneinfo import ZoneInfo

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LAST_PORT = 65535
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


class SettingError(Exception):
    """A setting that cannot be used. Its text is one sentence for the person who set it."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One environment variable: its name, how its text becomes a value, and what it is for."""

    name: str
    parse: Callable[[str], T]
    default: T
    about: str
    kind: str
    shown_default: str
    secret: bool = False

    def read(self) -> T:
        """The value set, else the default. Raises SettingError with a sentence that names the variable."""
        raw = self.raw()
        if raw is None:
            return self.default
        try:
            return self.parse(raw)
        except ValueError as error:
            value = "the value given" if self.secret else repr(raw)
            raise SettingError(f"{self.name}: {value} cannot be used: {error}.") from None

    def raw(self) -> str | None:
        """The text set, from the variable or from the file that NAME_FILE names; None when neither is set or both are empty."""
        path = os.environ.get(f"{self.name}_FILE", "").strip()
        value = os.environ.get(self.name, "").strip()
        if path and value:
            raise SettingError(f"{self.name} and {self.name}_FILE are both set; leave one of them out.")
        if path:
            value = self._from_file(path)
        return value or None

    def _from_file(self, path: str) -> str:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise SettingError(f"{self.name}_FILE: {path} cannot be read: {reason}.") from None


@dataclass(frozen=True, slots=True)
class Family:
    """Variables that share a beginning and whose ends the provider chooses."""

    prefix: str
    about: str
    not_ends: tuple[str, ...] = ()

    def read(self) -> dict[str, str]:
        """Each end and its value, `_FILE` followed."""
        ends = {
            name.removeprefix(self.prefix).removesuffix("_FILE") for name in os.environ if name.startswith(self.prefix)
        }
        found = {end: secret(f"{self.prefix}{end}", self.about).raw() for end in ends.difference(self.not_ends)}
        return {end: value for end, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place in an S3-compatible store."""

    name: str
    prefix: str


def text(name: str, default: str, about: str, *, shown_default: str | None = None) -> Setting[str]:
    shown = default if shown_default is None else shown_default
    return Setting(name, str, default, about, "text", shown)


def secret(name: str, about: str, *, shown_default: str = "") -> Setting[str]:
    """A text that must not be shown, and is best given as `NAME_FILE`."""
    return Setting(name, str, "", about, "secret", shown_default, secret=True)


def number(name: str, default: int, about: str, *, least: int = 0, most: int = 2**31 - 1) -> Setting[int]:
    def parse(raw: str) -> int:
        value = _whole_number(raw)
        if not least <= value <= most:
            raise ValueError(f"it must lie between {least} and {most}")
        return value

    return Setting(name, parse, default, about, "number", str(default))


def optional_number(
    name: str, about: str, *, least: int = 0, most: int = 2**31 - 1, shown_default: str
) -> Setting[int | None]:
    """A number whose default is worked out from something else."""
    bounded = number(name, least, about, least=least, most=most)
    return Setting(name, bounded.parse, None, about, "number", shown_default)


def flag(name: str, about: str, *, default: bool = False) -> Setting[bool]:
    return Setting(name, _yes_or_no, default, about, "yes or no", "yes" if default else "no")


def path(name: str, default: str, about: str) -> Setting[Path]:
    """A path; a relative one counts from the working directory and becomes absolute."""
    return Setting(
        name, lambda raw: Path(raw).expanduser().absolute(), Path(default).absolute(), about, "path", default
    )


def optional_path(name: str, about: str) -> Setting[Path | None]:
    """A path, or none."""
    return Setting(name, lambda raw: Path(raw).expanduser().absolute(), None, about, "path", "")


def choice(name: str, default: str, about: str, *, options: tuple[str, ...]) -> Setting[str]:
    def parse(raw: str) -> str:
        if raw.lower() not in options:
            raise ValueError(f"it must be one of {', '.join(options)}")
        return raw.lower()

    return Setting(name, parse, default, about, " / ".join(options), default)


def web_address(name: str, default: str, about: str, *, shown_default: str | None = None) -> Setting[str]:
    """An http or https address, without a slash at its end."""
    shown = default if shown_default is None else shown_default
    return Setting(name, _web_address, default, about, "web address", shown)


def contacts(name: str, about: str) -> Setting[tuple[str, ...]]:
    """Mail addresses and https addresses, with commas between, as URIs."""
    return Setting(name, _contacts, (), about, "mail or https addresses", "")


def networks(name: str, about: str, *, default: str = "") -> Setting[tuple[Network, ...]]:
    """Networks of IP addresses, with commas between; `none` for none."""
    return Setting(name, _networks, _networks(default), about, "networks", default)


def ports(name: str, default: str, about: str) -> Setting[frozenset[int]]:
    """Ports, with commas between."""
    return Setting(name, _ports, _ports(default), about, "ports", default)


def other_ports(name: str, about: str) -> Setting[dict[int, int]]:
    """Ports that stand for others, as `80=8080`, with commas between."""
    return Setting(name, _other_ports, {}, about, "pairs of ports", "")


def endpoints(name: str, about: str, *, port: int, shown_default: str) -> Setting[tuple[tuple[str, int], ...]]:
    """IP addresses, each with a port after a colon if it is not the usual one (IPv6 then in brackets), with commas between."""

    def parse(raw: str) -> tuple[tuple[str, int], ...]:
        return tuple(_endpoint(part.strip(), port) for part in raw.split(",") if part.strip())

    return Setting(name, parse, (), about, "addresses", shown_default)


def time_zone(name: str, default: str, about: str) -> Setting[str]:
    return Setting(name, _time_zone, default, about, "time zone", default)


def database_url(name: str, about: str, *, shown_default: str) -> Setting[str]:
    return Setting(name, _postgresql_url, "", about, "postgresql:// address", shown_default, secret=True)


def files(name: str, about: str, *, shown_default: str) -> Setting[Path | Bucket | None]:
    """A folder, which becomes absolute, or `s3://bucket/prefix`."""
    return Setting(name, _file_store, None, about, "folder or s3:// address", shown_default)


def unknown_names(known: Iterable[Setting[Any]], families: tuple[Family, ...]) -> list[str]:
    """The SPORTELLO_ variables of this environment that nobody reads: most often a spelling mistake."""
    names = {end for setting in known for end in (setting.name, f"{setting.name}_FILE")}
    prefixes = tuple(family.prefix for family in families)
    ours = (name for name in os.environ if name.startswith("SPORTELLO_"))
    return sorted(name for name in ours if name not in names and not name.startswith(prefixes))


def _whole_number(raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        raise ValueError("it is not a whole number") from None


def _yes_or_no(raw: str) -> bool:
    lowered = raw.lower()
    if lowered not in _TRUE | _FALSE:
        raise ValueError("it must be yes or no")
    return lowered in _TRUE


def _web_address(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must begin with http:// or https:// and name a host")
    if parts.username or parts.query or parts.fragment:
        raise ValueError("it must be a plain address, without user name, question mark or hash")
    return raw.rstrip("/")


def _contacts(raw: str) -> tuple[str, ...]:
    return tuple(_contact(part.strip()) for part in raw.split(",") if part.strip())


def _contact(part: str) -> str:
    if not part.isprintable() or " " in part:
        raise ValueError("an address holds no blanks")
    if part.startswith("https://") and urlsplit(part).hostname:
        return part
    if re.fullmatch(r"[^@/:]+@[^@/:]+\.[^@/:]+", part) is None:
        raise ValueError("each must be a mail address, or begin with https://")
    return f"mailto:{quote(part, safe='@+')}"


def _ports(raw: str) -> frozenset[int]:
    found = frozenset(int(part) for part in raw.split(",") if part.strip())
    if not found or min(found) < 1 or max(found) > LAST_PORT:
        raise ValueError("ports are numbers from 1 to 65535")
    return found


def _other_ports(raw: str) -> dict[int, int]:
    pairs = [part.partition("=") for part in raw.split(",") if part.strip()]
    return {min(_ports(usual)): min(_ports(other)) for usual, _equals, other in pairs}


def _endpoint(part: str, port: int) -> tuple[str, int]:
    try:
        return str(ipaddress.ip_address(part)), port
    except ValueError:
        host, _colon, written = part.rpartition(":")
        return str(ipaddress.ip_address(host.strip("[]"))), min(_ports(written))


def _networks(raw: str) -> tuple[Network, ...]:
    if raw == "none":
        return ()
    return tuple(ipaddress.ip_network(part.strip()) for part in raw.split(",") if part.strip())


def _time_zone(raw: str) -> str:
    try:
        return ZoneInfo(raw).key
    except (KeyError, OSError):
        raise ValueError("there is no such time zone, write it like Europe/Rome") from None


def _file_store(raw: str) -> Path | Bucket:
    parts = urlsplit(raw)
    if not parts.scheme:
        return Path(raw).expanduser().absolute()
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("it must be a folder, or s3:// with the name of a bucket and perhaps a prefix")
    return Bucket(parts.netloc, parts.path.strip("/"))


def _postgresql_url(raw: str) -> str:
    parts = urlsplit(raw)
    if not raw.startswith(("postgresql://", "postgres://")):
        raise ValueError("it must begin with postgresql://")
    if not parts.path.strip("/"):
        raise ValueError("it must end with the name of a database")
    if not all(_has_usable_port(urlsplit(f"//{host}")) for host in parts.netloc.rpartition("@")[2].split(",")):
        raise ValueError(
            "the port is not a number up to 65535 (in a password, write : / ? # and @ as %3A %2F %3F %23 and %40)"
        )
    try:
        conninfo_to_dict(raw)
    except ProgrammingError:  # its words may repeat a password
        raise ValueError("PostgreSQL's library does not understand it, look at the parameters after `?`") from None
    return raw


def _has_usable_port(address: SplitResult) -> bool:
    """Whether what follows the host's colon is a port, or nothing. What it is instead is not repeated: it may be the end of a password."""
    try:
        return address.port != 0
    except ValueError:
        return False
