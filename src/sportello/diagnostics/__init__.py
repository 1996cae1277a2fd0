"""Looks at services from outside: names, addresses, certificates, pages, mail; and says what it means [promise.outage]."""
