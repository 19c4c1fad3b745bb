"""Benchmarks: design 10's table, each figure beside a baseline measured in the same run on the same machine."""
