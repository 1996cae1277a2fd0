"""Customers with their tax data, people with rights and several telephones, and people who write for several customers."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_names_by_part'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='external_id',
            field=models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='id in the billing system'),
        ),
        migrations.AddField(
            model_name='contact',
            name='may_approve',
            field=models.BooleanField(db_default=False, default=False, verbose_name='may approve charges'),
        ),
        migrations.AddField(
            model_name='contact',
            name='may_open',
            field=models.BooleanField(db_default=True, default=True, verbose_name='may open tickets'),
        ),
        migrations.AddField(
            model_name='contact',
            name='may_order',
            field=models.BooleanField(db_default=False, default=False, verbose_name='may ask for what cannot be undone'),
        ),
        migrations.AddField(
            model_name='contact',
            name='other_phones',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='contact',
            name='sees_all',
            field=models.BooleanField(db_default=False, default=False, verbose_name='sees all tickets of the customer'),
        ),
        migrations.AddField(
            model_name='customer',
            name='ended_on',
            field=models.DateField(blank=True, null=True, verbose_name='contract ended on'),
        ),
        migrations.AddField(
            model_name='customer',
            name='external_id',
            field=models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='id in the billing system'),
        ),
        migrations.AddField(
            model_name='customer',
            name='kind',
            field=models.CharField(choices=[('company', 'company or body'), ('person', 'private person')], db_default='company', default='company', max_length=10, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='customer',
            name='language',
            field=models.CharField(choices=[('it', 'Italian'), ('en', 'English')], db_default='it', default='it', max_length=2, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='customer',
            name='pec',
            field=models.CharField(blank=True, db_default='', default='', max_length=254, verbose_name='certified mail (PEC)'),
        ),
        migrations.AddField(
            model_name='customer',
            name='sdi_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=7, verbose_name='SDI code'),
        ),
        migrations.AddField(
            model_name='customer',
            name='tax_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=16, verbose_name='codice fiscale'),
        ),
        migrations.AddField(
            model_name='customer',
            name='time_zone',
            field=models.CharField(db_default='Europe/Rome', default='Europe/Rome', max_length=60, verbose_name='time zone'),
        ),
        migrations.AddField(
            model_name='customer',
            name='vat_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='VAT number'),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sees_all', models.BooleanField(db_default=False, default=False, verbose_name='sees all tickets of the customer')),
                ('may_open', models.BooleanField(db_default=True, default=True, verbose_name='may open tickets')),
                ('may_approve', models.BooleanField(db_default=False, default=False, verbose_name='may approve charges')),
                ('may_order', models.BooleanField(db_default=False, default=False, verbose_name='may ask for what cannot be undone')),
                ('since', models.DateTimeField()),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='customers.contact')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='customers.customer')),
            ],
            options={
                'ordering': ['customer__name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('contact', 'customer'), name='once_at_a_customer')],
            },
        ),
    ]
