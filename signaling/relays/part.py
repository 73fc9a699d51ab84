"""What one relay gets of a change. Pure."""

from dataclasses import dataclass, field, replace

from media.control.state import ConsumerSpec, PipeSpec, ProducerSpec, TransportSpec


@dataclass(slots=True)
class Part:
    """What is put, and the ids of what is removed, filled step by step."""

    put_transports: list[TransportSpec] = field(default_factory=list)
    put_pipes: list[PipeSpec] = field(default_factory=list)
    put_producers: list[ProducerSpec] = field(default_factory=list)
    put_consumers: list[ConsumerSpec] = field(default_factory=list)
    remove_transports: list[str] = field(default_factory=list)
    remove_pipes: list[str] = field(default_factory=list)
    remove_producers: list[str] = field(default_factory=list)
    remove_consumers: list[str] = field(default_factory=list)

    @property
    def puts(self) -> bool:
        """Whether anything is added or replaced."""
        return bool(self.put_transports or self.put_pipes or self.put_producers or self.put_consumers)

    @property
    def removes(self) -> bool:
        """Whether anything goes."""
        return bool(self.remove_transports or self.remove_pipes or self.remove_producers or self.remove_consumers)

    def apart(self) -> tuple["Part", "Part"]:
        """Return what is put, and what is removed, for changes of their own."""
        return (
            replace(self, remove_transports=[], remove_pipes=[], remove_producers=[], remove_consumers=[]),
            replace(self, put_transports=[], put_pipes=[], put_producers=[], put_consumers=[]),
        )
