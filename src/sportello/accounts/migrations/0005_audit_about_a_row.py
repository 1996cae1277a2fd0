"""An audit entry names the row it is about, so that the page of a customer, a service or a server tells its history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_audit_not_emptied")]
    operations = [
        migrations.AddField("auditentry", "about", models.CharField(db_default="", default="", max_length=40)),
    ]
