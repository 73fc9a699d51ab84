"""Who may do what: directory, sessions, decisions, audit log."""
