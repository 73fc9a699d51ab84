"""Recording of a meeting's sound and picture: who may, what runs, where it lies. Writing is done by ``worker``."""
