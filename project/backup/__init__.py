"""Backups of the database, and its restoration: how each database does it, and what is checked afterwards."""
