"""The hub: composition root, HTTP and WebSocket, unit of work, use cases, relay registry, command line."""
