"""Runs what a vector tells, by the code that judges; one module a half of the protocol."""
