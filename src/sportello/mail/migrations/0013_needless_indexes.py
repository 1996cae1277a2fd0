"""Indexes that every mail paid for, some twice: no hash and no Message-ID is sought by its beginning, and each mailbox begins another index."""

import django.db.models.deletion
from django.db import migrations, models

from sportello.core.migrating import give_up_index, give_up_index_of_key

MAILBOX = models.ForeignKey(
    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="inbound", to="mail.mailbox"
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mail", "0012_invitations")]
    operations = [
        give_up_index("mail_rawmail_sha256_c21dc2b3_like", "mail_rawmail (sha256 varchar_pattern_ops)"),
        give_up_index("mail_inboundmail_raw_id_d92e46db_like", "mail_inboundmail (raw_id varchar_pattern_ops)"),
        give_up_index("mail_outboundmail_message_id_265c64f4_like", "mail_outboundmail (message_id varchar_pattern_ops)"),
        give_up_index_of_key(
            "mail_inboundmail_mailbox_id_20aafe8a", "mail_inboundmail (mailbox_id)", "inboundmail", "mailbox", MAILBOX
        ),
    ]
