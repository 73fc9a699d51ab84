"""The unit of work: state, events, audit entries and outgoing mail change together or not at all."""
