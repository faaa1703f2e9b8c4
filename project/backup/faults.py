class Unusable(Exception):
    """Says why, in a sentence for whoever runs the server; never a password or an address."""
