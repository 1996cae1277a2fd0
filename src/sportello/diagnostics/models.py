"""One look at a service, and what each probe found."""
