"""Since when the file store has its mark."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('watch', '0004_restore_on_trial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # one more choice: nothing for the database to do
            state_operations=[
                migrations.AlterField(
                    model_name='lastinspection',
                    name='kind',
                    field=models.CharField(choices=[('backup', 'backup'), ('files', 'files'), ('restore', 'restore'), ('store', 'store')], max_length=10, primary_key=True, serialize=False),
                ),
            ],
        ),
    ]
