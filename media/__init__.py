"""The media relay. Knows transports, producers and consumers; nothing of meetings, users or databases."""
