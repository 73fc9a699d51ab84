"""Measurements of the product as it runs; ``python -m bench`` prints one JSON line each."""
