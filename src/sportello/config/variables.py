"""Every setting there is. `docs/settings.md` is written from this file: `python -m sportello.config.reference`."""

from __future__ import annotations

from typing import Any

from sportello.config import env
from sportello.config.env import Family, Setting

# -- the house ---------------------------------------------------------------------------------------------------------------------------
DATA = env.path(
    "SPORTELLO_DATA",
    "data",
    "The folder of everything that is kept outside the database: attachments, the embedded database, the secret key, collected static files. "
    "Must be writable by the user that runs Sportello, and by nobody else.",
)
FILES = env.files(
    "SPORTELLO_FILES",
    "Where attachments are kept: a folder (on several machines the same one, mounted on each), or `s3://bucket/prefix` in an S3-compatible "
    "store. What is there already is not moved.",
    shown_default="`files` in the data folder",
)
S3_ENDPOINT = env.web_address(
    "SPORTELLO_S3_ENDPOINT", "", "The address of the S3-compatible store; without it Amazon's own, of the region."
)
S3_REGION = env.text("SPORTELLO_S3_REGION", "", "The region of the bucket, where the store has regions.")
S3_KEY = env.text(
    "SPORTELLO_S3_KEY",
    "",
    "The access key of the store. Without it, what the machine itself is allowed (its instance role, `AWS_ACCESS_KEY_ID`, ...).",
)
S3_SECRET = env.secret("SPORTELLO_S3_SECRET", "The secret that belongs to the access key.")
DATABASE_URL = env.database_url(
    "DATABASE_URL",
    "The PostgreSQL database, as `postgresql://user:password@host:5432/name`; a socket folder goes into `?host=`, and any other parameter of "
    "libpq (`sslmode`, `sslrootcert`, ...) may follow. A primary and its standbys are named with commas, `host-a:5432,host-b:5432`: whichever of "
    "them can be written to is used. Without it `sportello up` runs an embedded PostgreSQL in the data folder.",
    shown_default="the embedded PostgreSQL",
)
DATABASE_REPLICA_URL = env.database_url(
    "DATABASE_REPLICA_URL",
    "A hot standby of that database, which searches and reports read from as long as it is there and at most 10 s behind.",
    shown_default="none: the primary answers everything",
)
SECRET_KEY = env.secret(
    "SPORTELLO_SECRET_KEY",
    "Signs sessions, reply addresses and links in mails: at least 50 random characters, the same on every machine. `sportello up` makes one "
    "in the data folder (`secret-key`, readable by its owner only) when none is set.",
    shown_default="the file `secret-key` in the data folder",
)
PUBLIC_URL = env.web_address(
    "SPORTELLO_PUBLIC_URL",
    "",
    "The address at which browsers reach Sportello. Links in mails are built from it, any other Host is refused, and with `https` cookies are "
    "Secure with the `__Host-` prefix and HSTS is sent.",
    shown_default="`http://` + web host + web port",
)
PROVIDER_NAME = env.text("SPORTELLO_PROVIDER_NAME", "Sportello", "The provider's name, on pages and in mails.")
LANGUAGE = env.choice(
    "SPORTELLO_LANGUAGE",
    "it",
    "The language for whoever has not chosen one: of pages where the browser asks for neither, and of mails to strangers. Both are always there.",
    options=("it", "en"),
)
TIMEZONE = env.time_zone(
    "SPORTELLO_TIMEZONE", "Europe/Rome", "The time zone of pages and mails. Instants are stored in UTC."
)
DEMO = env.flag(
    "SPORTELLO_DEMO",
    "Demonstration: no mail leaves the machine, it ends on the outbox page. Also on when the data folder holds the file `demonstration`, which "
    "`sportello up --demo` leaves there: its invented people must never be written to.",
)
SECURITY_CONTACT = env.contacts(
    "SPORTELLO_SECURITY_CONTACT",
    "Whom to tell of a weakness: mail or https addresses with commas between, told at `/.well-known/security.txt` (RFC 9116), which is not there "
    "without it.",
)
LOG_LEVEL = env.choice(
    "SPORTELLO_LOG_LEVEL",
    "info",
    "How much is logged, on standard error. `sportello up` logs from warnings on when this is not set.",
    options=("debug", "info", "warning", "error"),
)

# -- web ---------------------------------------------------------------------------------------------------------------------------------
WEB_HOST = env.text("SPORTELLO_WEB_HOST", "127.0.0.1", "The address on which the web and live processes listen.")
WEB_PORT = env.number("SPORTELLO_WEB_PORT", 8000, "The port of the web process.", least=1, most=65535)
LIVE_PORT = env.optional_number(
    "SPORTELLO_LIVE_PORT", "The port of the live process.", least=1, most=65535, shown_default="web port + 1"
)
LIVE_URL = env.text(
    "SPORTELLO_LIVE_URL",
    "",
    "Where browsers find live updates: a path when a front server routes both processes, or a whole address.",
    shown_default="`/live/` behind a front server; the live process's own port when browsers speak to the web port itself",
)
DATABASE_POOL = env.number(
    "SPORTELLO_DATABASE_POOL",
    0,
    "Database connections that a process keeps open at most; 0 opens one when needed and closes it when idle. `web`, `live`, `worker` and "
    "`mail-door` set it to what their threads can use.",
    most=500,
)
DATABASE_PREPARE = env.flag(
    "SPORTELLO_DATABASE_PREPARE",
    "Statements that repeat are prepared: PostgreSQL plans them once a connection. Behind a pool that does not keep sessions apart say no; "
    "docs/scaling.md says which pools fit.",
    default=True,
)
WEB_WORKERS = env.number(
    "SPORTELLO_WEB_WORKERS", 2, "Web worker processes; about one for each core.", least=1, most=128
)
WEB_THREADS = env.number(
    "SPORTELLO_WEB_THREADS", 4, "Threads in each web worker; each may hold one database connection.", least=1, most=64
)
PROXIES = env.number(
    "SPORTELLO_PROXIES",
    0,
    "How many of our own proxies stand in front of the web process. The client's address is then read that many places from the right in "
    "`X-Forwarded-For`; with 0 that header is ignored.",
    most=5,
)
REQUIRE_SECOND_FACTOR = env.flag(
    "SPORTELLO_REQUIRE_SECOND_FACTOR",
    "Every member of staff must set up a second factor (an authenticator app or a passkey) before anything else.",
)
UPLOAD_MAX_BYTES = env.number(
    "SPORTELLO_UPLOAD_MAX_BYTES", 26_214_400, "The largest upload in one request, in bytes.", least=65_536
)

# -- workers -----------------------------------------------------------------------------------------------------------------------------
WORKER_JOBS = env.number(
    "SPORTELLO_WORKER_JOBS", 4, "Jobs that one worker process does at the same time.", least=1, most=64
)

# -- mail in -----------------------------------------------------------------------------------------------------------------------------
LMTP_HOST = env.text("SPORTELLO_LMTP_HOST", "127.0.0.1", "The address on which the mail door speaks LMTP.")
LMTP_PORT = env.number("SPORTELLO_LMTP_PORT", 8024, "The port of the mail door for LMTP.", least=1, most=65535)
SMTP_IN_PORT = env.number(
    "SPORTELLO_SMTP_IN_PORT", 8025, "The port of the mail door for SMTP, same address as LMTP; 0 for none.", most=65535
)
DOOR_THREADS = env.number(
    "SPORTELLO_DOOR_THREADS", 4, "Mails that the mail door stores at the same time.", least=1, most=64
)
MAIL_MAX_BYTES = env.number(
    "SPORTELLO_MAIL_MAX_BYTES", 36_700_160, "The largest mail that is taken in, in bytes.", least=65_536
)
IMAP_NETWORKS = env.networks(
    "SPORTELLO_IMAP_NETWORKS",
    "Networks that are not on the public internet and yet may hold a mail server that an administrator enters to fetch mail from; `none` for "
    "none. Link-local addresses and those where a cloud tells its secrets are never reached.",
    default="127.0.0.0/8, ::1/128, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7",
)
IMAP_PORTS = env.ports(
    "SPORTELLO_IMAP_PORTS", "143, 993", "The ports that an administrator may enter for such a mail server."
)
MAILS_PER_HOUR = env.number(
    "SPORTELLO_MAILS_PER_HOUR",
    1000,
    "How many mails of one sender are filed within an hour, and three times as many of all people of one customer. What is more is kept, listed "
    "as held, and filed in later hours, or at once when a person says so; 0 for no limit.",
    most=100_000,
)
RECEIPTS_PER_HOUR = env.number(
    "SPORTELLO_RECEIPTS_PER_HOUR",
    2000,
    "How many receipts go out within an hour, an eighth of them at most to people who are no customers' contacts: forged mails must not make us "
    "write to their victims. One address gets one an hour in any case; 0 for no limit.",
    most=100_000,
)
SELF_TEST_MINUTES = env.number(
    "SPORTELLO_SELF_TEST_MINUTES",
    5,
    "How often a mail to oneself proves that mail goes out and comes in; 0 for never.",
    most=1440,
)

# -- mail out ----------------------------------------------------------------------------------------------------------------------------
SMTP_HOST = env.text("SPORTELLO_SMTP_HOST", "127.0.0.1", "The mail server that takes outgoing mail.")
SMTP_PORT = env.number("SPORTELLO_SMTP_PORT", 25, "Its port.", least=1, most=65535)
SMTP_SECURITY = env.choice(
    "SPORTELLO_SMTP_SECURITY",
    "none",
    "`starttls` and `tls` demand a valid certificate; `none` is for a server on the same machine.",
    options=("none", "starttls", "tls"),
)
SMTP_USER = env.text("SPORTELLO_SMTP_USER", "", "User name at the mail server, if it wants one.")
SMTP_PASSWORD = env.secret("SPORTELLO_SMTP_PASSWORD", "Password at the mail server.")
SMTP_TIMEOUT = env.number(
    "SPORTELLO_SMTP_TIMEOUT", 30, "Seconds after which a silent mail server is given up.", least=1, most=600
)
DKIM_DOMAIN = env.text(
    "SPORTELLO_DKIM_DOMAIN", "", "Signs outgoing mail with DKIM for this domain; empty when the mail server does it."
)
DKIM_SELECTOR = env.text("SPORTELLO_DKIM_SELECTOR", "", "The selector of the DKIM key.")
DKIM_KEY = env.secret("SPORTELLO_DKIM_KEY", "The private DKIM key, in PEM.")

# -- telephone ---------------------------------------------------------------------------------------------------------------------------
TELEPHONE_SECRET = env.secret(
    "SPORTELLO_TELEPHONE_SECRET",
    "Shared with a telephone system that tells of calls at `/telephone/events` (docs/telephone.md): at least 32 random characters. Without it "
    "there is no such address.",
)

# -- sign-in of customers ----------------------------------------------------------------------------------------------------------------
OPENID_ISSUER = env.web_address(
    "SPORTELLO_OPENID_ISSUER",
    "",
    "The provider of identities (OpenID Connect) at which customers' contacts may sign in as well: its issuer, under which "
    "`/.well-known/openid-configuration` is found. Its address to come back to is `/portal/sign-in/openid/back/` (docs/security.md).",
)
OPENID_CLIENT_ID = env.text("SPORTELLO_OPENID_CLIENT_ID", "", "What Sportello is called there.")
OPENID_CLIENT_SECRET = env.secret("SPORTELLO_OPENID_CLIENT_SECRET", "The secret that belongs to it.")
OPENID_NAME = env.text("SPORTELLO_OPENID_NAME", "OpenID", "What the way in is called on the sign-in page.")
OPENID_NETWORKS = env.networks(
    "SPORTELLO_OPENID_NETWORKS",
    "Networks that are not on the public internet and yet may hold that provider, such as `10.0.0.0/8`; several with commas between.",
)

# -- billing system ----------------------------------------------------------------------------------------------------------------------
WHMCS_URL = env.web_address(
    "SPORTELLO_WHMCS_URL", "", "The address of WHMCS, from which customers and services are read (docs/import.md)."
)
WHMCS_IDENTIFIER = env.text("SPORTELLO_WHMCS_IDENTIFIER", "", "The identifier of an API credential of WHMCS.")
WHMCS_SECRET = env.secret("SPORTELLO_WHMCS_SECRET", "Its secret.")
WHMCS_ACCESS_KEY = env.secret(
    "SPORTELLO_WHMCS_ACCESS_KEY", "The API access key, where WHMCS asks for one instead of a known network address."
)
WHMCS_NETWORKS = env.networks(
    "SPORTELLO_WHMCS_NETWORKS",
    "Networks that are not on the public internet and yet may hold WHMCS, such as `10.0.0.0/8`; several with commas between.",
)
WHMCS_EVERY_HOURS = env.number(
    "SPORTELLO_WHMCS_EVERY_HOURS",
    0,
    "How often it is read by itself; 0 for only when somebody asks.",
    most=720,
)

# -- alarms ------------------------------------------------------------------------------------------------------------------------------
ALARM_WEBHOOK_URL = env.web_address(
    "SPORTELLO_ALARM_WEBHOOK_URL",
    "",
    "Receives a JSON POST for each alarm (a first answer nearly or wholly late, mail that stands still).",
)
ALARM_WEBHOOK_SECRET = env.secret(
    "SPORTELLO_ALARM_WEBHOOK_SECRET",
    "Signs the alarms sent to the webhook: the header `X-Sportello-Signature` holds `sha256=` and the HMAC of the body.",
)
ALARM_WEBHOOK_NETWORKS = env.networks(
    "SPORTELLO_ALARM_WEBHOOK_NETWORKS",
    "Networks that are not on the public internet and yet may receive the webhook, such as `10.0.0.0/8`; several with commas between.",
)
ALARM_MAIL = env.text(
    "SPORTELLO_ALARM_MAIL", "", "Receives the same alarms by mail; several addresses with commas between."
)
MAIL_SILENCE_MINUTES = env.number(
    "SPORTELLO_MAIL_SILENCE_MINUTES",
    0,
    "Health turns bad when no mail came in for so many minutes; 0 for never.",
    most=100_000,
)

# -- watching ----------------------------------------------------------------------------------------------------------------------------
NODE = env.text(
    "SPORTELLO_NODE",
    "",
    "This machine's name in health and metrics; it must differ from machine to machine.",
    shown_default="the machine's host name",
)
METRICS_TOKEN = env.secret(
    "SPORTELLO_METRICS_TOKEN",
    "Whoever shows it (`Authorization: Bearer ...`) is answered by `/metrics`, and by `/health` in full. Without it both tell details only to this "
    "machine itself.",
)
LOG_FORMAT = env.choice(
    "SPORTELLO_LOG_FORMAT",
    "text",
    "`json` writes each log record as one JSON object on one line.",
    options=("text", "json"),
)

# -- backup ------------------------------------------------------------------------------------------------------------------------------
BACKUP_REPOSITORY = env.text(
    "SPORTELLO_BACKUP_REPOSITORY",
    "",
    "Where `sportello backup` keeps its backups: a folder, `s3:https://SERVER/BUCKET/PATH`, or any other repository of restic's.",
)
BACKUP_PASSWORD = env.secret(
    "SPORTELLO_BACKUP_PASSWORD",
    "Encrypts the backups. Keep a copy elsewhere: without it no backup can be read.",
)
BACKUP_ACCESS_KEY = env.text("SPORTELLO_BACKUP_ACCESS_KEY", "", "Access key for a backup in S3.")
BACKUP_ACCESS_SECRET = env.secret("SPORTELLO_BACKUP_ACCESS_SECRET", "Its secret.")
BACKUP_MAX_HOURS = env.number(
    "SPORTELLO_BACKUP_MAX_HOURS",
    26,
    "Health turns bad when the last good backup is older than so many hours, or a desk older than a day has none; 0 if something else backs it up.",
    most=10_000,
)

# -- the public status -------------------------------------------------------------------------------------------------------------------
STATUS_FOLDER = env.optional_path(
    "SPORTELLO_STATUS_FOLDER",
    "The folder into which the worker writes the public status as files every minute, for another host to show. Without it nothing is written; "
    "`sportello status-export` writes it once.",
)
STATUS_URL = env.web_address(
    "SPORTELLO_STATUS_URL",
    "",
    "Where those files are read. Links in mails and on our pages then lead there, since that host stands when ours does not.",
    shown_default="`status/` under the public address",
)

# -- tickets -----------------------------------------------------------------------------------------------------------------------------
CLOSE_SOLVED_DAYS = env.number(
    "SPORTELLO_CLOSE_SOLVED_DAYS",
    7,
    "A solved ticket is closed after so many days without a word from the customer; 0 for never.",
    most=365,
)

# -- looking at services -----------------------------------------------------------------------------------------------------------------
PROBES = env.flag(
    "SPORTELLO_PROBES",
    "Services with an open ticket are looked at from outside: their names, addresses, certificates, pages and mail (docs/diagnostics.md). Never in "
    "a demonstration.",
    default=True,
)
PROBE_EVERY_MINUTES = env.number(
    "SPORTELLO_PROBE_EVERY_MINUTES",
    15,
    "How often a service is looked at again while a ticket about it is open; 0 for only at opening, on demand and at solving.",
    most=1440,
)
PROBES_AT_ONCE = env.number(
    "SPORTELLO_PROBES_AT_ONCE", 8, "Services that are looked at at the same time.", least=1, most=64
)
PROBE_FORBIDDEN = env.networks(
    "SPORTELLO_PROBE_FORBIDDEN",
    "Networks that are never reached by a look at a service although they are public: the provider's own management, panels and backups. What is "
    "not on the public internet is never reached anyway.",
)
PROBE_NETWORKS = env.networks(
    "SPORTELLO_PROBE_NETWORKS",
    "Networks that are not on the public internet and yet may be reached by a look at a service, for a laboratory such as `127.0.0.0/8`; several "
    "with commas between.",
)
PROBE_RESOLVERS = env.endpoints(
    "SPORTELLO_PROBE_RESOLVERS",
    "The resolvers that are asked for services' names, as `192.0.2.53` or `127.0.0.1:5353`. They should check DNSSEC and know the names as the "
    "world does.",
    port=53,
    shown_default="those of this machine",
)
PROBE_PORTS = env.other_ports(
    "SPORTELLO_PROBE_PORTS",
    "Ports that stand for the usual ones in a laboratory: `80=8080, 443=8443, 25=2525, 53=5353`.",
)
PROBE_PROXIES = env.networks(
    "SPORTELLO_PROBE_PROXIES",
    "Networks of proxies that customers put before their sites, besides those of Cloudflare, Fastly and Sucuri, which are known.",
)
PROBE_CANARY = env.text(
    "SPORTELLO_PROBE_CANARY",
    "",
    "The name of a web site that always answers and stands outside the provider's network, such as `example.com`: when it does not answer either, "
    "it is this machine that reaches nothing, and nobody's service is called unusable.",
)
PROBE_AUTHORITY = env.text(
    "SPORTELLO_PROBE_AUTHORITY",
    "",
    "A file of certificates, in PEM, of authorities that count besides the usual ones when certificates are looked at.",
)

# -- tests -------------------------------------------------------------------------------------------------------------------------------
TEST_DB = env.text(
    "SPORTELLO_TEST_DB", "test_sportello", "The name of the database that the test suite makes and drops."
)

SECRETS = Family(
    "SPORTELLO_SECRET_",
    "Passwords that rows in the database refer to by name: the IMAP account with the secret `INFO` signs in with `SPORTELLO_SECRET_INFO`, or "
    "with the content of the file named by `SPORTELLO_SECRET_INFO_FILE`.",
    not_ends=("KEY",),
)

ALL: tuple[Setting[Any], ...] = tuple(value for value in list(globals().values()) if isinstance(value, Setting))
FAMILIES: tuple[Family, ...] = (SECRETS,)
