"""Backup and restore: database and files as of one moment, kept by restic. Works without Django, so that a bare machine can restore."""
