"""The history of a row is read from an index, which holds only entries that are about one."""

from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic

INDEX = models.Index(fields=["about", "-id"], condition=models.Q(("about", ""), _negated=True), name="audit_about_a_row")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0005_audit_about_a_row")]
    operations = [AddIndexBesideTraffic("auditentry", INDEX)]
