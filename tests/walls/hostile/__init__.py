"""Hostile content: what is put in, by class, and how to see that it did nothing."""

from __future__ import annotations
