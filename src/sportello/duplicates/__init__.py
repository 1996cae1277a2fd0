"""One problem, one ticket [one.problem]: what a request may belong to, what is proposed, what is joined, how often that was right."""
