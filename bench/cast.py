"""Who appears in the measured installation."""

SUPPORT = "support@bench.example"
SHOP = "shop@bench.example"
"""For questions before buying; few write there."""
AGENT = "agent@bench.example"
SECOND_AGENT = "agent2@bench.example"
AGENTS = 20
PASSWORD = "bench-bench-2026"  # noqa: S105 - of a database that lives as long as the measurement
MAILERS = 2000
"""The first customers of every filled database: those whose mails are posted."""


def address_of(contact: int) -> str:
    """The mail address of the contact with this key, as the filling writes it."""
    return f"persona{contact}@cliente{contact}.example"
