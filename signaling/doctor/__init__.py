"""``plenum doctor``: what is right and what is not on this machine, in words, beside a running hub or without one."""
