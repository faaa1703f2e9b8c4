"""The demonstration: fictional people made by the real client, and the page that plays their phones.

The product knows nothing of it. Standard library only: it starts before anything of ours is installed.
"""
