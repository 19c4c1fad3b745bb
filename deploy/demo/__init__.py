"""The demo: one month of two regions, from files such as an office has to acknowledged allowances."""
