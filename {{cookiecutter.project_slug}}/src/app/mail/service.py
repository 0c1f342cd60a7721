"""Messages to people: queued with the change that causes them, sent once it is committed."""

from app.mail.messages import Message
from app.mail.repository import MailRepository


class Outbox:
    """What is queued here is sent at least once, or given up and said so in the log."""

    def __init__(self, messages: MailRepository) -> None:
        self._messages = messages

    async def queue(self, recipient: str, message: Message) -> None:
        """Adds the message to this transaction; nothing is sent before it is committed."""
        await self._messages.add(recipient, message)

    async def erase(self, recipient: str) -> None:
        """Deletes every message to this address, also those that were not sent yet."""
        await self._messages.delete_to(recipient)
