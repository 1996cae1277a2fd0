"""Calls that a telephone system tells of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sportello.core.ids

KINDS = [("ringing", "rings"), ("answered", "answered"), ("ended", "ended"), ("missed", "missed")]


def _key(kind, to, gone, **options):
    return kind(on_delete=getattr(django.db.models.deletion, gone), to=to, **{"related_name": "+", **options})


class Migration(migrations.Migration):
    dependencies = [
        ("telephone", "0002_numbers_by_part"),
        ("tickets", "0010_figures_from_an_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("user", _key(models.OneToOneField, settings.AUTH_USER_MODEL, "CASCADE")),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=sportello.core.ids.public_id, editable=False, unique=True)),
                ("system_id", models.CharField(max_length=64, unique=True)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("digits", models.CharField(blank=True, max_length=40)),
                ("state", models.CharField(choices=KINDS, max_length=8)),
                ("began_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("contact", _key(models.ForeignKey, "customers.contact", "SET_NULL", null=True)),
                ("ticket", _key(models.ForeignKey, "tickets.ticket", "SET_NULL", null=True)),
                ("user", _key(models.ForeignKey, settings.AUTH_USER_MODEL, "SET_NULL", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-began_at"], name="call_newest"),
                    models.Index(
                        condition=models.Q(("ticket__isnull", False)), fields=["digits"], name="call_to_return"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CallEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("extension", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                ("call", _key(models.ForeignKey, "telephone.call", "CASCADE", related_name="events")),
            ],
        ),
    ]
