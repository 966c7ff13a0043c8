"""What runs beside HTTP: the connection to the broker and the one subscriber."""

from shared.messaging.messaging import Messaging


class RoutingRuntime:
    """Routing keeps no state, so the broker is all it needs."""

    def __init__(self, messaging: Messaging) -> None:
        self._messaging = messaging

    async def start(self) -> None:
        await self._messaging.start()
        await self._messaging.consume()

    async def stop(self) -> None:
        await self._messaging.stop()

    async def missing(self) -> list[str]:
        """What keeps routing from working, in words for an operator."""
        return await self._messaging.ready()
