"""What payroll's API takes and answers; amounts of rupiah are strings of digits."""
