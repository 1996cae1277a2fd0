"""The outside world of mail: the server that takes ours, and DNS."""
