"""What payroll can be asked; nothing here changes anything."""
