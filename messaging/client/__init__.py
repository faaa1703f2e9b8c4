"""The Python client: second implementation of the protocol, maker of its vectors, driver of tests.

The only Python that seals or opens; no server module may import it.
"""
