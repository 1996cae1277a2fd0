"""Billing systems: one interface, and a module for each that speaks its language."""
