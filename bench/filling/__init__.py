"""Fills an empty database with many tickets: the rows that the pages read, as the desk's own actions leave them.

Texts come from one pool with a fixed seed; rows are made inside the database, several parts of them at a time, with the secondary
indexes of the large tables made afterwards.
"""

from __future__ import annotations

from bench.filling.fill import fill

__all__ = ["fill"]
