"""Each service's own copy of identity's facts: regions, units, positions, employees, by date."""
