"""Outages and planned maintenance, what they hit, and which tickets belong to them."""
