"""Sets a checkout up from nothing. Standard library only; every file here must be readable by Python 3.8."""
