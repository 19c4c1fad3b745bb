"""Who calls, checked offline by identity's public keys, and what each role may do."""
