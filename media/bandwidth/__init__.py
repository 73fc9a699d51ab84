"""How much can be sent to one peer: from transport-wide feedback, else from what the peer itself estimates."""
