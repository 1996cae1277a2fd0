from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_erasure_plan")]
    operations = [migrations.AddField("download", "readable", models.JSONField(db_default={}, default=dict))]
