"""What requests bring and answers show, as JSON."""
