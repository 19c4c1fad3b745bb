"""What changes activity's books; each is one transaction of one tenant."""
