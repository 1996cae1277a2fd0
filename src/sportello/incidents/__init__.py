"""One outage, many customers: what is hit, who is told what, which tickets belong to it; planned maintenance; the public status."""
