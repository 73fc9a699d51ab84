"""Relays as the hub sees them: their links, the desired state of every room, and who is placed where."""
