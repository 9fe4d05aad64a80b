"""What each channel supplies to the shared suite, in one list as in the registry."""

from tests.channels.case import Case
from tests.channels.cases.telegram import TelegramCase

CASES: tuple[type[Case], ...] = (TelegramCase,)
