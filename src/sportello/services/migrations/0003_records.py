"""Services with domains, dates and the id of the billing system; servers with several names and addresses; the provider's networks."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0002_names_by_part'),
    ]

    operations = [
        migrations.CreateModel(
            name='NetworkRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.CharField(max_length=49, unique=True, verbose_name='network')),
                ('label', models.CharField(blank=True, max_length=80, verbose_name='what it is for')),
            ],
            options={
                'ordering': ['network'],
            },
        ),
        migrations.AddField(
            model_name='server',
            name='ended_on',
            field=models.DateField(blank=True, null=True, verbose_name='out of use since'),
        ),
        migrations.AddField(
            model_name='server',
            name='external_id',
            field=models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='id in the billing system'),
        ),
        migrations.AddField(
            model_name='server',
            name='other_addresses',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.GenericIPAddressField(), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='server',
            name='other_names',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='service',
            name='ends_on',
            field=models.DateField(blank=True, null=True, verbose_name='ends or ended on'),
        ),
        migrations.AddField(
            model_name='service',
            name='external_id',
            field=models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='id in the billing system'),
        ),
        migrations.AddField(
            model_name='service',
            name='is_managed',
            field=models.BooleanField(db_default=False, default=False, verbose_name='managed by us'),
        ),
        # What may be chosen is known to the code alone: nothing changes in the database.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.AlterField(
            model_name='service',
            name='kind',
            field=models.CharField(choices=[('hosting', 'hosting'), ('vps', 'virtual server'), ('dedicated', 'dedicated server'), ('domain', 'domain'), ('mail', 'mailboxes')], max_length=10, verbose_name='kind'),
        )]),
        migrations.CreateModel(
            name='ServiceDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(db_index=True, max_length=253, verbose_name='domain')),
                ('since', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='services.service')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', django.db.models.functions.text.Lower('name'))), name='domain_in_lower_case'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('service', 'name'), name='domain_once_at_a_service')],
            },
        ),
    ]
