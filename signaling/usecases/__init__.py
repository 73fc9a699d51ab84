"""Use cases that span folders, one file each."""
