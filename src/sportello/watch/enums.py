"""The stable words of health. Monitoring refers to them: they may be added to, never changed."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Work(models.TextChoices):
    WEB = "web", "web"
    LIVE = "live", "live"
    WORKER = "worker", "worker"
    DOOR = "mail-door", "mail-door"


class Inspection(models.TextChoices):
    BACKUP = "backup", "backup"
    FILES = "files", "files"
    RESTORE = "restore", "restore"
    STORE = "store", "store"


class Cause(StrEnum):
    """Why health is bad."""

    DATABASE = "database"
    DATABASE_SLOW = "database_slow"
    DATABASE_READ_ONLY = "database_read_only"
    DATABASE_FULL = "database_full"
    DATABASE_UNWRITABLE = "database_unwritable"
    STANDBY = "standby"
    WEB = "web"
    LIVE = "live"
    WORKER = "worker"
    MAIL_DOOR = "mail_door"
    JOBS_WAIT = "jobs_wait"
    JOBS_STALLED = "jobs_stalled"
    JOBS_FAILED = "jobs_failed"
    IMAP = "imap"
    OUTBOX = "outbox"
    NO_MAIL = "no_mail"
    SELF_TEST = "self_test"
    MAILS_FAILED = "mails_failed"
    FILES_UNWRITABLE = "files_unwritable"
    FILES_FULL = "files_full"
    FILES_SILENT = "files_silent"
    FILES_GONE = "files_gone"
    FILES_DAMAGED = "files_damaged"
    CLOCK = "clock"
    KEYS_DIFFER = "keys_differ"
    BACKUP = "backup"
    BACKUP_FAILED = "backup_failed"
    NO_BACKUP = "no_backup"
    RESTORE_FAILED = "restore_failed"
    RESTORING = "restoring"
    COLLATION = "collation"
