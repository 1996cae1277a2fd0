from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0014_counted_from_an_index")]
    operations = [migrations.AddField("outboundmail", "reader", models.JSONField(db_default={}, default=dict))]
