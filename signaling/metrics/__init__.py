"""Figures of hub and relays for Prometheus. No label names a person, a meeting, a room or a transport."""
