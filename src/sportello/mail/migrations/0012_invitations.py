from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0011_held_back")]
    operations = [
        migrations.SeparateDatabaseAndState(  # one more choice: nothing for the database to do
            state_operations=[
                migrations.AlterField(
                    model_name="outboundmail",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("reply", "answer"),
                            ("receipt", "receipt"),
                            ("notice", "notice"),
                            ("alarm", "alarm"),
                            ("sign_in", "sign-in link"),
                            ("invitation", "invitation"),
                            ("self_test", "self-test"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
    ]
