"""Audit entries cannot be removed all at once either: TRUNCATE fires no trigger of single rows."""

from django.db import migrations

FORBID = """
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_is_append_only();
"""
ALLOW = "DROP TRIGGER audit_not_emptied ON accounts_auditentry;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_attempts_and_violations")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
