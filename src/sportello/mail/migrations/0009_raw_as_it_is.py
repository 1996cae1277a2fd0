"""The bytes of mails are kept as they came: nearly all of a mail is base64 or a compressed file, which pglz tries in vain to make smaller.

Only mails that come from now on are stored so. The change of the column is one of the catalogue and touches no row.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mail", "0008_inbound_in_its_order")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE mail_rawmail ALTER COLUMN content SET STORAGE EXTERNAL",
            "ALTER TABLE mail_rawmail ALTER COLUMN content SET STORAGE EXTENDED",
        )
    ]
