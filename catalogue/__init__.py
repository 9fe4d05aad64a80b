"""What people read is content, not code: loading it, checking it, finding words in it.

Everything below ``content/`` is owned by the people who answer for the words (the Task Force,
the entities, translators). This package turns those files into typed, frozen objects and refuses
to start on a broken one, naming the file, the line and what to mend.
"""

from catalogue.brief import Brief
from catalogue.errors import ContentError
from catalogue.loader import Located, load_yaml
from catalogue.message import Choice, Message
from catalogue.messages import Messages
from catalogue.walks import Heard, Step, Walk

__all__ = [
    "Brief",
    "Choice",
    "ContentError",
    "Heard",
    "Located",
    "Message",
    "Messages",
    "Step",
    "Walk",
    "load_yaml",
]
