
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_history_from_an_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='StepDecided',
            fields=[
                ('step', models.CharField(choices=[('provider', 'Name and language'), ('numbers', 'Telephone numbers'), ('hours', 'Opening hours'), ('promise', 'Promised times'), ('policy', 'Support policy'), ('people', 'First agents'), ('customers', 'Customers and services'), ('mailbox', 'Mailbox, receive only'), ('ready', 'Proof that mail goes out and comes in'), ('sending', 'Sending'), ('answer', 'The first answer')], max_length=12, primary_key=True, serialize=False)),
                ('decided', models.CharField(choices=[('right', 'right as it is'), ('later', 'put off')], max_length=8)),
                ('at', models.DateTimeField()),
            ],
        ),
    ]
