"""Shared vectors of the protocol: README.md says what they are, `generate` makes them."""
