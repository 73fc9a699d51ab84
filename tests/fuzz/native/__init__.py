"""Fuzz targets for the data plane in C."""
