"""What arrives on a socket, cut into frames."""

from collections.abc import Callable

from . import wire

SIZE = 1 << 16


class TooLong(Exception):
    """A frame says that it is longer than the receiver wants to read: so many bytes."""


class Inbox:
    """Holds what has arrived and was not looked at yet: less than a frame and one reading."""

    def __init__(self) -> None:
        self.buffer = bytearray(SIZE)
        self.view = memoryview(self.buffer)
        self.arrived = bytearray()

    def next(self, read: Callable[[bytearray], int], most: int) -> memoryview | bytearray:
        """The next frame without its length; `read` fills a buffer and says how much came.

        A frame that came alone, as nearly all do, is not copied: it holds until the next is asked for.
        Raises `TooLong` before it waits for what it will not keep.
        """
        arrived = self.arrived
        if not arrived:
            size = read(self.buffer)
            if size >= 4 and wire.HEADER.unpack_from(self.buffer)[0] == size - 4 <= most:
                return self.view[4:size]
            arrived += self.view[:size]
        while len(arrived) < 4:
            arrived += self.view[: read(self.buffer)]
        (length,) = wire.HEADER.unpack_from(arrived)
        if length > most:
            raise TooLong(length)
        while len(arrived) < 4 + length:
            arrived += self.view[: read(self.buffer)]
        taken = arrived[4 : 4 + length]
        del arrived[: 4 + length]
        return taken
