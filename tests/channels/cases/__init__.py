"""What each channel supplies to the shared suite, in one list as in the registry."""

from tests.channels.case import Case
from tests.channels.cases.signal import SignalCase
from tests.channels.cases.telegram import TelegramCase
from tests.channels.cases.twilio import SmsCase, WhatsAppCase

CASES: tuple[type[Case], ...] = (
    TelegramCase,
    WhatsAppCase,
    SmsCase,
    SignalCase,
)
