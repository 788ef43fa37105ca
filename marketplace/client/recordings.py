"""What a mentor and those who help do with recordings.

Owns sending and taking back. Refuses watching, which anybody asks for (`questions`), and bytes,
which `media` reads and writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.client import media, routes
from marketplace.client.hosting import HostingCalls

if TYPE_CHECKING:
    from pathlib import Path

    from marketplace.client.answers.sessions import Recording
    from marketplace.domain.ids import DropId


class RecordingCalls(HostingCalls):
    """What `SeatmarketClient` can do with recordings; errors are drawn there."""

    def upload_recording(
        self,
        drop: DropId,
        session: int,
        path: Path,
        *,
        title: str,
        media_type: str | None = None,
    ) -> Recording:
        """Send a recording of a session, as the drop's mentor or co-host; read in pieces.

        Raises FileUnusable. The type is that of the file's name where it is left out.
        """
        asked = media.Upload(path, title, media_type)
        return media.upload(self._transport, {"drop": drop, "session": session}, asked)

    def remove_recording(self, recording: str) -> None:
        """Take a recording back, as the drop's mentor, or as the co-host who has added it.

        Again it is refused with `not_found`.
        """
        self._transport.whole(routes.REMOVE_RECORDING, {"recording": recording})
