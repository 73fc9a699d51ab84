"""The control protocol between hub and relay."""
