"""Failed jobs are counted, listed and mended without going through all that were ever done."""

from django.db import migrations

INDEX = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS failed_job ON procrastinate_jobs (queueing_lock) WHERE status = 'failed'
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("watch", "0002_key_mark"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS failed_job", migrations.RunSQL.noop),
        migrations.RunSQL(INDEX, "DROP INDEX CONCURRENTLY IF EXISTS failed_job"),
    ]
