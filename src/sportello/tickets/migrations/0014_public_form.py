from django.db import migrations, models

CHANNELS = [
    ("mail", "by mail"),
    ("portal", "from the customer area"),
    ("phone", "by telephone"),
    ("desk", "from the desk"),
    ("form", "by the public form"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0013_request_draft"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("message", "channel", models.CharField(choices=CHANNELS, max_length=8)),
                migrations.AlterField("ticket", "channel", models.CharField(choices=CHANNELS, max_length=8)),
            ]
        ),
    ]
