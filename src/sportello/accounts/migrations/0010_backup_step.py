"""The first hour ends with a backup."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_audit_in_its_order'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # one more choice: nothing for the database to do
            state_operations=[
                migrations.AlterField(
                    model_name='stepdecided',
                    name='step',
                    field=models.CharField(choices=[('provider', 'Name and language'), ('numbers', 'Telephone numbers'), ('hours', 'Opening hours'), ('promise', 'Promised times'), ('policy', 'Support policy'), ('people', 'First agents'), ('customers', 'Customers and services'), ('mailbox', 'Mailbox, receive only'), ('ready', 'Proof that mail goes out and comes in'), ('sending', 'Sending'), ('answer', 'The first answer'), ('backup', 'Backup')], max_length=12, primary_key=True, serialize=False),
                ),
            ],
        ),
    ]
