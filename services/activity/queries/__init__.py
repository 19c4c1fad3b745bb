"""What can be asked of activity's books."""
