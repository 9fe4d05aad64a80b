"""No core file: what a process that crashes leaves behind would hold what people were saying."""

from __future__ import annotations

import resource


def forbid() -> None:
    """Let neither this process nor one that it starts write its memory to the disk.

    For good: nobody but the machine's administrator can lift a hard limit again.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
