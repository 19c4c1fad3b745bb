"""How good the tests of payroll's rules are: `python -m tests.mutation` changes the rules and counts who notices."""
