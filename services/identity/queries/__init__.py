"""What identity answers; every query begins with the region."""
