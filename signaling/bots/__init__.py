"""Invented members who take part in the demo meeting by themselves, as clients of the hub like any page."""
