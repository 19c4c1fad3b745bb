"""The two offices of the demo, invented but such as there are: made from a seed, always the same.

`python -m deploy.demo.office` writes the files of deploy/demo/files; a test checks that they are what it writes.
Every person, number and account is invented.
"""
