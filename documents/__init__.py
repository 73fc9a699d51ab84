"""Papers and records: intake, encrypted store, rendering, signing, verification."""
