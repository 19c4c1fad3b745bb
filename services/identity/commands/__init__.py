"""What identity does; each is one transaction of one region."""
