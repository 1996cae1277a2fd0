import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0008_address_of_an_identity'),
        ('tickets', '0019_order_by_evidence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Learnt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('only', models.BooleanField(default=True, unique=True)),
                ('joins', models.BooleanField(default=True)),
                ('propose', models.FloatField(null=True)),
                ('join', models.FloatField(null=True)),
                ('changes', models.JSONField(default=list)),
                ('learnt_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('only', True)), name='learnt_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Joined',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.JSONField(default=list)),
                ('probability', models.FloatField()),
                ('features', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('merge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='joined', to='tickets.merge')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='joined_oldest')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(choices=[('portal', 'the customer, before sending'), ('desk', 'staff, beside the ticket'), ('phone', 'staff, while taking down a call')], max_length=8)),
                ('score', models.FloatField()),
                ('probability', models.FloatField()),
                ('features', models.JSONField(default=dict)),
                ('was_certain', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('open', 'not answered yet'), ('taken', 'the same problem'), ('refused', 'another problem'), ('expired', 'never answered')], default='open', max_length=8)),
                ('made_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('draft', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.requestdraft')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposed_for', to='tickets.ticket')),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='tickets.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='proposal_oldest'), models.Index(condition=models.Q(('state', 'open')), fields=['made_at'], name='proposal_open')],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'target'), name='proposed_once'), models.UniqueConstraint(fields=('draft', 'target'), name='asked_once_a_draft'), models.CheckConstraint(condition=models.Q(('ticket', models.F('target')), _negated=True), name='not_proposed_to_itself'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='proposal_decided_at_a_time')],
            },
        ),
    ]
