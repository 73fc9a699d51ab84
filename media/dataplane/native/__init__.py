"""The data plane in C: its sources, how they are compiled, and what makes them a DataPlane."""
