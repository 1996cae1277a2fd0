from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0003_notes_in_a_download'),
    ]

    operations = [
        # The database knows nothing of the choices.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='retention',
                    name='kind',
                    field=models.CharField(choices=[('raw-mail', 'Original mails of tickets, as they came'), ('set-aside', 'Mails set aside: spam, automatic mails, what nobody took'), ('outbox', 'Texts of mails sent, in the outbox'), ('closed', 'Words of closed tickets: messages, notes, files'), ('sign-in', 'Network addresses and names of sign-ins in the audit'), ('calls', 'Calls that the telephone system told of'), ('drops', 'What became of secrets handed over'), ('proposals', 'What was asked about one problem in two tickets, and answered')], max_length=12, primary_key=True, serialize=False),
                ),
            ],
        ),
    ]
