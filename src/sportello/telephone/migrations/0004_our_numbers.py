
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('telephone', '0003_calls'),
    ]

    operations = [
        migrations.CreateModel(
            name='OurNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['position'],
            },
        ),
    ]
