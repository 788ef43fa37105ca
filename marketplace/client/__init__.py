"""The API's typed client: one method for each address, domain values in and dataclasses out.

Owns the HTTP side of whoever uses the API: the demo, the command `seats`, rooms, tests. Refuses to
sign what it cannot rebuild: whatever the API prepares is made again here from what was asked, and
only equal bytes are signed. It needs no node, and imports nothing that reaches for one.
"""

from marketplace.client.client import SeatmarketClient
from marketplace.client.prepared import MarketAddress

__all__ = ["MarketAddress", "SeatmarketClient"]
