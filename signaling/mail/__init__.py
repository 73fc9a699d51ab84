"""Mail about meetings: what a letter says, its calendar entry, and the way to the organisation's mail server."""
