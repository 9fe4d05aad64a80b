"""Every channel there is, by name. A channel that is not in this list does not exist.

The web has no entry: its sessions are not addresses, and its answers carry no carrier's mark
(``service/chat.py``).
"""

from __future__ import annotations

from bot.channels import signal, sms, telegram, whatsapp
from bot.channels.contract import Registered

CHANNELS: tuple[Registered, ...] = (
    telegram.REGISTERED,
    whatsapp.REGISTERED,
    sms.REGISTERED,
    signal.REGISTERED,
)
