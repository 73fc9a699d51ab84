"""Backup and restore of a deployment's folder: what goes where, in which order, and how it is believed again."""
