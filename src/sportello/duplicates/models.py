"""What was proposed, what was joined, and what people made of it."""
