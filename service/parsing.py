"""HTTP read by the quick parser, with a bound on what a request's head may take.

uvicorn's quick parser (llhttp, in C) takes a head of any size into memory; its slow one is bounded,
and takes a fifth of the service's time. This is the quick one with the bound.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Bytes of request line and headers together.
LARGEST_HEAD = 64 * 1024


class BoundedHttp(HttpToolsProtocol):
    """Hangs up on a head that is too long."""

    _head = 0
    _in_head = True

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head; bytes of a body are counted by ``service.headers``."""
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > LARGEST_HEAD:
            self.transport.close()

    def on_headers_complete(self) -> None:
        """The head is whole; its last piece may have held some of the body."""
        self._in_head, self._head = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes next is another head."""
        self._in_head = True
        super().on_message_complete()
