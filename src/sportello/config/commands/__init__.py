"""What each command does, one file a command; `cli.py` says which there are."""
