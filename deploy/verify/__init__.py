"""What leaves the house for an employee: one file that checks a receipt without us."""
