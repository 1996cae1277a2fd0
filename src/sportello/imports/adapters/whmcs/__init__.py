"""WHMCS through its API (developers.whmcs.com/api): calls, the shapes of their answers, and what becomes of each."""

from sportello.imports.adapters.whmcs.source import Whmcs

__all__ = ["Whmcs"]
