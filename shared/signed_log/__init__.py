"""A region's append-only log of entries, and a signed head after each: RFC 9162 and C2SP, the same in every service."""
