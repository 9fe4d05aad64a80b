"""The one error of this package.

Exception
└── ContentError    a content file that must be mended before anything starts
"""

from __future__ import annotations

from pathlib import Path


class ContentError(Exception):
    """A content file cannot be used as it stands.

    Args:
        path: the file to mend.
        line: the line to mend, counted from 1; 0 when the file as a whole is meant.
        problem: what is wrong, in one clause.
        remedy: what to write instead, in one clause.
    """

    def __init__(self, path: Path, line: int, problem: str, remedy: str) -> None:
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {problem}; {remedy}")
