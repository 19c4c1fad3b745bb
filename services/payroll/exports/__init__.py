"""What leaves the house, as bytes: sheets, bank files, lists for signature, statements. Pure: records in, bytes out.

The same records give the same bytes, on every machine and at every time. Nothing here reads a clock, a database, a
system font or the environment.
"""
