"""What comes in over HTTP or in a file, checked; and what goes out."""
