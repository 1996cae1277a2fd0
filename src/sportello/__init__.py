"""Sportello: the support desk of a web-hosting provider."""

__version__ = "0.1.0"
