"""The audit log: an RFC 6962 Merkle log in C2SP formats (tlog-tiles hashes, tlog-checkpoint, signed-note)."""
