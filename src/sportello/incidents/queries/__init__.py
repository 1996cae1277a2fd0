"""Every read of incidents."""
