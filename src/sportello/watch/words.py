"""Each cause in words: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from sportello.watch.enums import Cause
from sportello.watch.rules import Problem

WRONG: Mapping[Cause, str | Promise] = {
    Cause.DATABASE: _("The database does not answer."),
    Cause.DATABASE_SLOW: _("The database answers too slowly."),
    Cause.DATABASE_READ_ONLY: _("The database can only be read: nothing new can be kept."),
    Cause.DATABASE_UNWRITABLE: _("The database can be read, but no process succeeds in writing to it."),
    Cause.DATABASE_FULL: _("The database’s disk is full: what is new cannot be kept, and mail is asked to come again."),
    Cause.STANDBY: _("The standby for searches is away or far behind: the primary answers instead."),
    Cause.WEB: _("A process for pages does not answer."),
    Cause.LIVE: _("Pages do not renew themselves: the process for live updates gives no sign."),
    Cause.WORKER: _("Mails are not being read or sent: a worker gives no sign."),
    Cause.MAIL_DOOR: _("No mail comes in: the mail door gives no sign."),
    Cause.JOBS_WAIT: _("Work waits longer than it should."),
    Cause.JOBS_STALLED: _("Work was begun by a worker that is gone, and nobody has taken it up."),
    Cause.JOBS_FAILED: _("Work has failed for good."),
    Cause.IMAP: _("A mailbox cannot be fetched by IMAP."),
    Cause.OUTBOX: _("Mails are not going out: the mail server does not take them."),
    Cause.NO_MAIL: _("No mail has come in for longer than expected."),
    Cause.SELF_TEST: _("Our own test mail does not come back."),
    Cause.MAILS_FAILED: _("Mail that came in could not be filed, and nobody has looked at it."),
    Cause.FILES_UNWRITABLE: _("The file store cannot be written to: mails with files wait."),
    Cause.FILES_FULL: _("The disk of the file store is full, or nearly."),
    Cause.FILES_SILENT: _("The file store does not answer."),
    Cause.FILES_GONE: _(
        "The file store is not there: its disk is not mounted, its bucket was deleted, or it is another."
    ),
    Cause.FILES_DAMAGED: _("A file in the file store is missing or altered."),
    Cause.CLOCK: _("A machine's clock differs from that of the database."),
    Cause.KEYS_DIFFER: _(
        "A machine has another secret key than the others: what one signs or seals, the other refuses."
    ),
    Cause.BACKUP: _("The last good backup is too old, or there is none."),
    Cause.BACKUP_FAILED: _("The last backup did not succeed."),
    Cause.NO_BACKUP: _("No backup is set up."),
    Cause.RESTORE_FAILED: _("The last backup that was restored on trial did not come back."),
    Cause.RESTORING: _(
        "A backup is being restored, or that was broken off: until all of it is there nothing new can be kept."
    ),
    Cause.COLLATION: _(
        "The machine of the database sorts letters by other rules than its indexes were made with: what is there may not be found."
    ),
}
MEND: Mapping[Cause, str | Promise] = {
    Cause.DATABASE: _("Start the database server, or check DATABASE_URL."),
    Cause.DATABASE_SLOW: _("Look at the database's load and locks (pg_stat_activity)."),
    Cause.DATABASE_READ_ONLY: _("Let DATABASE_URL name the primary server, and see whether its disk is full."),
    Cause.DATABASE_UNWRITABLE: _("See whether the database's disk is full."),
    Cause.DATABASE_FULL: _("Make room on that disk, or enlarge it; all goes on by itself."),
    Cause.STANDBY: _("Look at the standby and its replication, or check DATABASE_REPLICA_URL."),
    Cause.WEB: _("Restart it: systemctl restart sportello@web."),
    Cause.LIVE: _("Start it: systemctl restart sportello@live."),
    Cause.WORKER: _("Start it: systemctl restart sportello@worker."),
    Cause.MAIL_DOOR: _("Start it: systemctl restart sportello@mail-door."),
    Cause.JOBS_WAIT: _("If no worker runs, start one; if one runs, read its log, or start another beside it."),
    Cause.JOBS_STALLED: _("Start a worker: it takes them up within a minute."),
    Cause.JOBS_FAILED: _(
        "See what failed under Settings; once its reason is mended do it again there, or set it aside."
    ),
    Cause.IMAP: _("See the mailbox under Settings: what its server said stands there."),
    Cause.OUTBOX: _("See what the server says on the outbox page, and check SPORTELLO_SMTP_HOST and its server."),
    Cause.NO_MAIL: _("Look at the mail server's queue and at the mail door."),
    Cause.SELF_TEST: _("Look at the outbox page first, then at the mail server's queue and the mail door."),
    Cause.MAILS_FAILED: _("Under Mail, Failed: read it again, join it to a ticket or refuse it."),
    Cause.FILES_UNWRITABLE: _("See whether its folder is there and belongs to the user that runs Sportello."),
    Cause.FILES_FULL: _("Make room on that disk, or enlarge it."),
    Cause.FILES_SILENT: _("Look at the storage server and its network."),
    Cause.FILES_GONE: _(
        "Mount its disk, check SPORTELLO_FILES, or make the bucket again and take its files from a backup. If it is the right one, "
        "put a file named sportello-file-store into it."
    ),
    Cause.FILES_DAMAGED: _(
        "Run sportello check-files, which names them, and take them from a backup; what none has is given up with --give-up."
    ),
    Cause.CLOCK: _("Set the clock of that machine by NTP."),
    Cause.KEYS_DIFFER: _("Give it the SPORTELLO_SECRET_KEY of the others, and restart it."),
    Cause.BACKUP: _("Run sportello backup and read what it says; see that its timer is enabled."),
    Cause.BACKUP_FAILED: _("sportello doctor says why; mend it, and run sportello backup."),
    Cause.NO_BACKUP: _(
        "Set SPORTELLO_BACKUP_REPOSITORY and enable the timer of sportello backup, or SPORTELLO_BACKUP_MAX_HOURS=0 if something else does it."
    ),
    Cause.RESTORE_FAILED: _(
        "Settings and sportello doctor say why; take another backup, and run sportello restore --test."
    ),
    Cause.RESTORING: _("Wait for sportello restore to end; if it does not run any more, run it again."),
    Cause.COLLATION: _("As the database’s owner: REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION."),
}
_OF_ONE_PROCESS = frozenset({Cause.WEB, Cause.LIVE, Cause.WORKER, Cause.MAIL_DOOR})
_MEND_TOGETHER = _(
    "It is started again by itself within two minutes; if not, look at the terminal of sportello up, end that and start it again."
)


def mend(cause: Cause) -> str | Promise:
    """What to do about it, by how the processes were started: each as a service, or all by `sportello up`."""
    return _MEND_TOGETHER if cause in _OF_ONE_PROCESS and settings.TOGETHER else MEND[cause]


def sentence_of(problem: Problem) -> str:
    """In English, for monitoring."""
    wrong, mend = in_english(problem.cause)
    about = f" ({named})" if (named := problem.where or problem.task) else ""
    return f"{wrong}{about} {mend}"


def in_english(cause: Cause) -> tuple[str, str]:
    """For logs, monitoring and the command line: what is wrong, what to do."""
    with override("en"):
        return str(WRONG[cause]), str(mend(cause))
