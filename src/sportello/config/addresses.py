"""Where the processes listen and where browsers find them, worked out from the settings once for everybody."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from sportello.config import embedded, variables
from sportello.config.env import SettingError

_WILDCARDS = frozenset({"", "0.0.0.0", "::", "[::]", "127.0.0.1", "::1"})  # noqa: S104 - compared with, not bound to
SECRET_KEY_FILE = "secret-key"  # noqa: S105 - a name
DEMO_FILE = "demonstration"


def public_url() -> str:
    """The address of browsers. By default `localhost` and not its number, because passkeys need a name."""
    given = variables.PUBLIC_URL.read()
    if given:
        return given
    host = variables.WEB_HOST.read()
    name = "localhost" if host in _WILDCARDS else host
    return f"http://{name}:{variables.WEB_PORT.read()}"


def live_port() -> int:
    return variables.LIVE_PORT.read() or variables.WEB_PORT.read() + 1


def live_url() -> str:
    """Where browsers find live updates: on the live process's own port as long as they speak to the web process without a front server."""
    given = variables.LIVE_URL.read()
    public = urlsplit(public_url())
    if given or public.port != variables.WEB_PORT.read():
        return given or "/live/"
    host = f"[{public.hostname}]" if ":" in (public.hostname or "") else public.hostname
    return f"{public.scheme}://{host}:{live_port()}/live/"


def database_url() -> str:
    """The database set, else the embedded one of the data folder. Of several servers, the one that can be written to."""
    given = variables.DATABASE_URL.read()
    return only_the_primary(given) if given else embedded.cluster_in(variables.DATA.read()).url


def embedded_database() -> Path | None:
    """The folder of the embedded database's rows, if that is the one in use."""
    cluster = embedded.cluster_in(variables.DATA.read())
    return cluster.folder if database_url() == cluster.url else None


def only_the_primary(url: str) -> str:
    """The address with `target_session_attrs=read-write`, when it names several servers and does not say which of them it means."""
    parts = urlsplit(url)
    if "," not in f"{parts.netloc.rpartition('@')[2]}{dict(parse_qsl(parts.query)).get('host', '')}":
        return url
    if "target_session_attrs=" in parts.query:
        return url
    return f"{url}{'&' if parts.query else '?'}target_session_attrs=read-write"


def secret_key_file() -> Path:
    return variables.DATA.read() / SECRET_KEY_FILE


def secret_key() -> str:
    """The key set, else the one that `sportello up` made in the data folder."""
    key = variables.SECRET_KEY.read() or _kept_key()
    if not key:
        raise SettingError(
            "SPORTELLO_SECRET_KEY is not set, and there is no key in the data folder: set it, or begin with `sportello up`."
        )
    return key


def _kept_key() -> str:
    try:
        return secret_key_file().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingError(f"The secret key in {secret_key_file()} cannot be read: {error.strerror}.") from None


def demo_file() -> Path:
    return variables.DATA.read() / DEMO_FILE


def is_demo() -> bool:
    """Set, or once begun as a demonstration: invented people must never be written to, however such a folder is started later."""
    return variables.DEMO.read() or demo_file().exists()
