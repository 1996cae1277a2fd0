"""Django's settings. What a provider can set comes from `variables.py`; the rest is decided here, with the reason beside it."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import csp.constants
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from sportello.config import PACKAGE, addresses, ground, logs, pooling, variables
from sportello.config.env import Bucket

# -- what the provider says --------------------------------------------------------------------------------------------------------------
DATA = variables.DATA.read()
PUBLIC_URL = addresses.public_url()
LIVE_URL = addresses.live_url()
PROVIDER_NAME = variables.PROVIDER_NAME.read()
SECURITY_CONTACT = variables.SECURITY_CONTACT.read()
DEMO = addresses.is_demo()
SECRETS = variables.SECRETS.read()
UPLOAD_MAX_BYTES = variables.UPLOAD_MAX_BYTES.read()
LMTP_HOST = variables.LMTP_HOST.read()
LMTP_PORT = variables.LMTP_PORT.read()
SMTP_IN_PORT = variables.SMTP_IN_PORT.read()
DOOR_THREADS = variables.DOOR_THREADS.read()
MAIL_MAX_BYTES = variables.MAIL_MAX_BYTES.read()
IMAP_NETWORKS = variables.IMAP_NETWORKS.read()
IMAP_PORTS = variables.IMAP_PORTS.read()
MAILS_PER_HOUR = variables.MAILS_PER_HOUR.read()
RECEIPTS_PER_HOUR = variables.RECEIPTS_PER_HOUR.read()
MAIL_SILENCE_MINUTES = variables.MAIL_SILENCE_MINUTES.read()
NODE = variables.NODE.read() or socket.gethostname()
TOGETHER = ground.runs_together(variables.DATA.read())
METRICS_TOKEN = variables.METRICS_TOKEN.read()
HAS_BACKUP_STORE = bool(variables.BACKUP_REPOSITORY.read())
BACKUP_MAX_HOURS = 0 if DEMO else variables.BACKUP_MAX_HOURS.read()
SELF_TEST_MINUTES = variables.SELF_TEST_MINUTES.read()
SMTP_HOST = variables.SMTP_HOST.read()
SMTP_PORT = variables.SMTP_PORT.read()
SMTP_SECURITY = variables.SMTP_SECURITY.read()
SMTP_USER = variables.SMTP_USER.read()
SMTP_PASSWORD = variables.SMTP_PASSWORD.read()
SMTP_TIMEOUT = variables.SMTP_TIMEOUT.read()
DKIM_DOMAIN = variables.DKIM_DOMAIN.read()
DKIM_SELECTOR = variables.DKIM_SELECTOR.read()
DKIM_KEY = variables.DKIM_KEY.read()
TELEPHONE_SECRET = variables.TELEPHONE_SECRET.read()
OPENID_ISSUER = variables.OPENID_ISSUER.read()
OPENID_CLIENT_ID = variables.OPENID_CLIENT_ID.read()
OPENID_CLIENT_SECRET = variables.OPENID_CLIENT_SECRET.read()
OPENID_NAME = variables.OPENID_NAME.read()
OPENID_NETWORKS = variables.OPENID_NETWORKS.read()
WHMCS_URL = variables.WHMCS_URL.read()
WHMCS_IDENTIFIER = variables.WHMCS_IDENTIFIER.read()
WHMCS_SECRET = variables.WHMCS_SECRET.read()
WHMCS_ACCESS_KEY = variables.WHMCS_ACCESS_KEY.read()
WHMCS_NETWORKS = variables.WHMCS_NETWORKS.read()
WHMCS_EVERY_HOURS = variables.WHMCS_EVERY_HOURS.read()
ALARM_WEBHOOK_URL = variables.ALARM_WEBHOOK_URL.read()
ALARM_WEBHOOK_SECRET = variables.ALARM_WEBHOOK_SECRET.read()
ALARM_WEBHOOK_NETWORKS = variables.ALARM_WEBHOOK_NETWORKS.read()
ALARM_MAIL = variables.ALARM_MAIL.read()
STATUS_FOLDER = variables.STATUS_FOLDER.read()
STATUS_URL = f"{variables.STATUS_URL.read() or f'{PUBLIC_URL}/status'}/"
CLOSE_SOLVED_DAYS = variables.CLOSE_SOLVED_DAYS.read()
PROBES = variables.PROBES.read() and not DEMO
PROBE_EVERY_MINUTES = variables.PROBE_EVERY_MINUTES.read()
PROBES_AT_ONCE = variables.PROBES_AT_ONCE.read()
PROBE_FORBIDDEN = variables.PROBE_FORBIDDEN.read()
PROBE_NETWORKS = variables.PROBE_NETWORKS.read()
PROBE_RESOLVERS = variables.PROBE_RESOLVERS.read()
PROBE_PORTS = variables.PROBE_PORTS.read()
PROBE_PROXIES = variables.PROBE_PROXIES.read()
PROBE_CANARY = variables.PROBE_CANARY.read()
PROBE_AUTHORITY = variables.PROBE_AUTHORITY.read()

_public = urlsplit(PUBLIC_URL)
_https = _public.scheme == "https"
_host = _public.hostname or "localhost"

# -- the application ---------------------------------------------------------------------------------------------------------------------
SECRET_KEY = addresses.secret_key()
DEBUG = False
ALLOWED_HOSTS = [_host]
ROOT_URLCONF = "sportello.config.urls"
WSGI_APPLICATION = "sportello.config.wsgi.application"
ASGI_APPLICATION = "sportello.config.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "sportello.ui",
    "sportello.accounts",
    "sportello.policy",
    "sportello.customers",
    "sportello.services",
    "sportello.triage",
    "sportello.mail",
    "sportello.diagnostics",
    "sportello.tickets",
    "sportello.evidence",
    "sportello.duplicates",
    "sportello.incidents",
    "sportello.intake",
    "sportello.watch",
    "sportello.imports",
    "sportello.telephone",
    "sportello.presales",
    "sportello.privacy",
    "sportello.desk",
    "sportello.portal",
    # After ours, so that our pages stand before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "sportello.config.requests.Journal",
    "sportello.core.patience.PatientPages",
    "django.middleware.security.SecurityMiddleware",
    "sportello.accounts.middleware.OurHostOnly",
    "sportello.core.codings.OnlyWanted",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages shrink to a fifth. Django adds random bytes to every answer, so that its length betrays no secret in it (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "sportello.accounts.middleware.AnswerHeaders",
    "sportello.core.replica.ReadYourWrites",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "sportello.config.bodies.SayUnread",
    "django.middleware.csrf.CsrfViewMiddleware",
    "sportello.accounts.middleware.NoZeros",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sportello.accounts.middleware.PersonsLanguage",
    "sportello.accounts.middleware.StaffSession",
    "sportello.portal.middleware.ContactSession",
    "sportello.accounts.refusals.RefusalsInAudit",
    "allauth.account.middleware.AccountMiddleware",
    "sportello.ui.failures.AtTheSameMoment",
]
# Fields of forms are compiled templates too.
FORM_RENDERER = "django.forms.renderers.Jinja2"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    },
    # For what stands on a page many times; from the folders `jinja2/` of the rooms.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "sportello.desk.repetition.environment", "auto_reload": False},
    },
]

# -- database ----------------------------------------------------------------------------------------------------------------------------
# A peer that vanished without a word is noticed within 15 s: by keepalives when we listen, by tcp_user_timeout when we have sent. One that is
# there and silent is not waited for longer than `core.patience` allows.
_STEADY = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 8_000,
    "application_name": "sportello",
}
# To plan a page's statements anew for each view takes longer than to run them: a statement that a connection has sent twice is kept there, planned.
# See ADR 20, and `core.planning` for those whose plan hangs on their values.
_SENT_BEFORE = 2
# One of several servers that is cut off must not keep the next one waiting.
_CONNECT_SECONDS_EACH = 3


def _database(url: str, *, prepared: int | None = None) -> dict[str, Any]:
    given = conninfo_to_dict(url)
    name, user, password, host, port = (
        str(given.pop(part, "") or "") for part in ("dbname", "user", "password", "host", "port")
    )
    several = {"connect_timeout": _CONNECT_SECONDS_EACH} if "," in host else {}
    options: dict[str, Any] = {**_STEADY, **several, **given, **pooling.options()}
    if variables.DATABASE_PREPARE.read():
        options |= {"server_side_binding": True, "prepare_threshold": prepared}
    return {
        "ENGINE": "sportello.core.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": variables.TEST_DB.read()},
    }


# How instants are written is said as each connection begins (libpq, "Environment Variables"; poolers know both, unlike `options`): the driver
# reads one way only, and an administrator may have set another for the server, the database or the role.
os.environ.update(PGDATESTYLE="ISO", PGTZ="UTC")
DATABASES = {"default": _database(addresses.database_url(), prepared=_SENT_BEFORE)}
EMBEDDED_DATABASE = addresses.embedded_database()
if variables.DATABASE_REPLICA_URL.read():
    DATABASES["replica"] = _database(variables.DATABASE_REPLICA_URL.read())
DATABASE_ROUTERS = ["sportello.core.replica.Router"]
# Shared by all processes and machines, because sign-in limits count in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# -- language and time -------------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = variables.LANGUAGE.read()
LANGUAGES = [("it", _("Italian")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = variables.TIMEZONE.read()

# -- files -------------------------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
FILES = variables.FILES.read()
MEDIA_ROOT = FILES if isinstance(FILES, Path) else DATA / "files"
STORAGES = {
    # A file is wholly there or not at all, also after a power cut.
    "default": {
        "BACKEND": "sportello.core.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": FILES.name,
            "location": FILES.prefix,
            "endpoint_url": variables.S3_ENDPOINT.read() or None,
            "region_name": variables.S3_REGION.read() or None,
            "access_key": variables.S3_KEY.read() or None,
            "secret_key": variables.S3_SECRET.read() or None,
        },
    }
    if isinstance(FILES, Bucket)
    else {"BACKEND": "sportello.core.files.DurableFileStorage"},
    # Names with a hash of the content, so that browsers keep them for ever; compressed once.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "sportello.ui.files.UnnamedUploads"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# -- security ----------------------------------------------------------------------------------------------------------------------------
# No prefix without https: browsers refuse `__Host-` cookies that are not Secure.
_prefix = "__Host-" if _https else ""
SESSION_ENGINE = "sportello.accounts.sessions"
SESSION_COOKIE_NAME = f"{_prefix}sportello"
SESSION_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 12 * 3600
PORTAL_COOKIE_NAME = f"{_prefix}portal"
DEVICE_COOKIE_NAME = f"{_prefix}device"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = f"{_prefix}language"
LANGUAGE_COOKIE_SECURE = _https
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# `wsgi.py` gives every request the scheme of the public address, so that no header from outside decides it.
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
# W021: whether a domain goes onto the browsers' preload list is its owner's decision, not a program's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_live = urlsplit(LIVE_URL)
_live_origin = [f"{_live.scheme}://{_live.netloc}"] if _live.netloc else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.constants.NONE],
        "script-src": [csp.constants.NONCE, csp.constants.STRICT_DYNAMIC],
        "style-src": [csp.constants.SELF],
        "img-src": [csp.constants.SELF],
        "font-src": [csp.constants.SELF],
        "connect-src": [csp.constants.SELF, *_live_origin],
        "manifest-src": [csp.constants.SELF],
        "form-action": [csp.constants.SELF],
        "frame-src": [csp.constants.SELF],
        "frame-ancestors": [csp.constants.NONE],
        "base-uri": [csp.constants.NONE],
        "object-src": [csp.constants.NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default", "inspection"],
        # Not `report-to`: browsers that know both would send their reports up to a minute late, and only over https.
        "report-uri": ["/csp-report"],
    }
}

# -- sign-in -----------------------------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "sportello.accounts.passwords.OwnWordsValidator", "OPTIONS": {"min_length": 12}},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
REQUIRE_SECOND_FACTOR = variables.REQUIRE_SECOND_FACTOR.read()
ACCOUNT_ADAPTER = "sportello.desk.sign_in.StaffAdapter"
ACCOUNT_FORMS = {
    "reset_password": "sportello.desk.sign_in.ResetRequestForm",
    "change_password": "sportello.accounts.forms.NewPasswordForm",
    "reset_password_from_key": "sportello.accounts.forms.NewPasswordByLinkForm",
    "user_token": "sportello.accounts.forms.LinkForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
# A key is the address that somebody typed. Wrong passwords are counted by the adapter, so that strangers cannot lock the owner out.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "5/5m/key",
    "reset_password": "20/h/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 0
MFA_ADAPTER = "sportello.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]  # recovery codes are our own: accounts/recovery_codes.py
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = PROVIDER_NAME
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "sportello.accounts.second_factor.CodeForm",
    "reauthenticate": "sportello.accounts.second_factor.CodeAgainForm",
    "add_webauthn": "sportello.accounts.passkeys.NewPasskeyForm",
    "authenticate_webauthn": "sportello.accounts.passkeys.ProofForm",
    "login_webauthn": "sportello.accounts.passkeys.SignInForm",
    "reauthenticate_webauthn": "sportello.accounts.passkeys.ProofAgainForm",
}
# Browsers offer passkeys on a plain http address only for localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _host == "localhost"
USERSESSIONS_TRACK_ACTIVITY = False

# All mail leaves through the outbox (mail.actions); Django's own sending is switched off so that nothing goes past it.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = logs.configuration(variables.LOG_LEVEL.read(), form=variables.LOG_FORMAT.read())
