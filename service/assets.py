"""Files of ours, held in memory in two forms: as they are, and compressed for slow connections.

Compressing is done once, of files that are the same for everybody. Answers of the chat are never
compressed: their size could then tell what is in them.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response


class Asset:
    """One file.

    Args:
        body: its text.
        media_type: what it is.
        headers: sent with it.
    """

    def __init__(self, body: str, media_type: str, headers: Mapping[str, str]) -> None:
        self._plain = body.encode()
        # Without a time of making, the same source gives the same bytes.
        self._packed = gzip.compress(self._plain, 9, mtime=0)
        self._type = media_type
        self._headers = {"Vary": "Accept-Encoding", **headers}

    def answer(self, request: Request) -> Response:
        """The form that the browser takes."""
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self._plain, media_type=self._type, headers=self._headers)
        packed = {**self._headers, "Content-Encoding": "gzip"}
        return Response(self._packed, media_type=self._type, headers=packed)
