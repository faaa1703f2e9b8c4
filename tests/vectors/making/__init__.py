"""One module a folder of vectors; each gives its files by name."""
