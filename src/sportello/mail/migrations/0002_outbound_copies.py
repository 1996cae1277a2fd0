import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='outboundmail',
            name='outbound_automatic',
        ),
        migrations.AddField(
            model_name='outboundmail',
            name='copy_of',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='mail.outboundmail'),
        ),
        migrations.AddIndex(
            model_name='outboundmail',
            index=models.Index(django.db.models.functions.text.Upper('to'), models.OrderBy(models.F('created_at'), descending=True), condition=models.Q(('automatic', True)), name='outbound_automatic'),
        ),
    ]
