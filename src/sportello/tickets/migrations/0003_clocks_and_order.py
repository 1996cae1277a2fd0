"""Pauses and regular updates for the clocks, priority in the order of the queue, longer names of alarm steps."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
        ('mail', '0001_initial'),
        ('services', '0001_initial'),
        ('tickets', '0002_number_and_append_only'),
        ('triage', '0002_defaults'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_queue',
        ),
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_promise',
        ),
        migrations.AddField(
            model_name='ticket',
            name='last_update_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='pauses',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='ticket',
            name='priority',
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='alarm_step',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='group',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('group'), models.OrderBy(models.F('due_at'), nulls_last=True), models.F('priority'), models.F('id'), condition=models.Q(('status__in', ['new', 'open', 'in_analysis', 'waiting'])), name='ticket_queue'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('first_due_at__isnull', False)), fields=['first_due_at'], include=('first_answered_at',), name='ticket_promise'),
        ),
    ]
