"""Which look at a service belongs to which ticket."""
