"""What changes payroll's books: each command is one transaction of one tenant."""
