"""What identity decides, as functions over values; no reading, no writing."""
