"""A believable provider to try the desk with: Rete Serena, its customers, and eighty requests told through real mails."""

from sportello.demo.loading import load

__all__ = ["load"]
