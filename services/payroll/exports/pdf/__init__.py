"""PDF by typst: lists for signature, and statements."""
