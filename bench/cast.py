"""Who appears in the measured installation."""

CUSTOMERS = 2000
SUPPORT = "support@bench.example"
AGENT = "agent@bench.example"
PASSWORD = "bench-bench-2026"  # noqa: S105 - of a database that lives as long as the measurement
