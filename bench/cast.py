"""Who appears in the measured installation."""

SUPPORT = "support@bench.example"
SHOP = "shop@bench.example"
"""For questions before buying; few write there."""
AGENT = "agent@bench.example"
AGENTS = 20
VISITING = [AGENT, *(f"agent{number}@bench.example" for number in range(2, 9))]
"""Eight of them sign in, each for herself, so that what is kept of a page for one is not taken for what it costs to show it to all."""
PASSWORD = "bench-bench-2026"  # noqa: S105 - of a database that lives as long as the measurement
LET_IN = """
import sys, django; django.setup()
from sportello.accounts.models import User
password, *emails = sys.argv[1:]
for agent in User.objects.filter(email__in=emails):
    agent.set_password(password)
    agent.save()
"""
"""The filling gives a password to the first alone."""
MAILERS = 2000
"""The first customers of every filled database: those whose mails are posted."""


def address_of(contact: int) -> str:
    """The mail address of the contact with this key, as the filling writes it."""
    return f"persona{contact}@cliente{contact}.example"
