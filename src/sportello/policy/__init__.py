"""What the provider promises its customers: clauses with stable ids, in both languages, in editions that stay readable."""
