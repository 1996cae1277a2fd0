"""How fast, how much memory, how heavy: measured on a whole installation of its own (`make bench`)."""
