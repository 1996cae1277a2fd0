import secrets

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import InvalidToken
from django.db import migrations

from sportello.accounts.recovery_codes import kept_as, salted


def hash_codes(apps, _editor):
    """Those that were not used go on working. A row of another secret key held no code that could be read: it holds none now."""
    rows = apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes", data__has_key="seed")
    for row in rows:
        salt = secrets.token_hex(16)
        try:
            codes = RecoveryCodes(row).get_unused_codes()
        except InvalidToken:
            codes = []
        row.data = kept_as([salted(code, salt) for code in codes], salt=salt)
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("accounts", "0007_steps_of_the_first_hour"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(hash_codes, migrations.RunPython.noop, atomic=False)]
