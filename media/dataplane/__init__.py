"""What happens for every packet: one interface, one implementation in Python."""
