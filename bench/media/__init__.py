"""How much the relay costs and how well it serves, beside the limit of the machine and beside a known peer."""
