"""From stored state to what a viewer may see: wire objects, events made of changes, and the projection per viewer."""
