"""The live side of the hub: sockets, subscriptions, rooms of endpoints, the ephemeral lane."""
