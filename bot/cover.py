"""The safe word: a harmless subject for as long as somebody may be looking.

After the word, nothing that is typed may bring the real subject back to the screen but the word
itself, a command that ends the chat, or words of acute danger.
"""

from __future__ import annotations

from bot.conversation import Conversation
from bot.listening import Said
from catalogue import Messages

#: The gate's kinds that are honoured under cover as ever.
_HONOURED = ("stop", "erase", "exit", "crisis")


def raise_cover(conversation: Conversation, messages: Messages) -> tuple[str, ...]:
    """Change the subject.

    Args:
        conversation: remembers that the cover is up.
        messages: the catalogues.

    Returns:
        what is said instead.
    """
    conversation.decoy = 1
    conversation.offered = []
    return messages.on(conversation.channel).texts(conversation.lang, "gate.safe_word")


def under_cover(
    conversation: Conversation, said: Said, messages: Messages
) -> tuple[str, ...] | None:
    """The next harmless line, if the cover is up and this message does not lift it.

    Args:
        conversation: counts the lines, so that they change.
        said: what was heard.
        messages: the catalogues.
    """
    if not conversation.decoy:
        return None
    if said.sign and said.sign.kind in (*_HONOURED, "safe_word"):
        return None
    lines = messages.on(conversation.channel).texts(conversation.lang, "gate.harmless")
    conversation.decoy += 1
    return (lines[(conversation.decoy - 2) % len(lines)],)
