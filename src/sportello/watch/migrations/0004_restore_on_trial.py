"""What came of the last backup that was restored on trial has a place."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('watch', '0003_failed_jobs'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # one more choice: nothing for the database to do
            state_operations=[
                migrations.AlterField(
                    model_name='lastinspection',
                    name='kind',
                    field=models.CharField(choices=[('backup', 'backup'), ('files', 'files'), ('restore', 'restore')], max_length=10, primary_key=True, serialize=False),
                ),
            ],
        ),
    ]
