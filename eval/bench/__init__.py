"""Benchmarks: how fast, against what, and with how much memory. `make bench`; see README.md here."""
