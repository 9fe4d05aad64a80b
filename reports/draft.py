"""What a walk keeps between two messages: where it is, what was answered, and how to go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Draft:
    """A walk's state, with every change undoable.

    The state is ``{"at": step, "data": {…}, "note": {…}, "undo": […]}``. ``data`` is flat and has
    no empty values. ``note`` belongs to the present question alone (that it was asked in vain,
    say). Each entry of ``undo`` holds where the walk was and the earlier values of what was
    changed, so it grows with what is changed and not with what is there.
    """

    def __init__(self, state: dict[str, Any]) -> None:
        self.at: str = state["at"]
        self.data: dict[str, Any] = dict(state["data"])
        self.note: dict[str, Any] = dict(state["note"])
        self._undo: list[list[Any]] = list(state["undo"])

    @classmethod
    def new(cls, at: str, **data: Any) -> Draft:
        """A walk that begins at a step and cannot go back from it."""
        return cls({"at": at, "data": data, "note": {}, "undo": []})

    def state(self) -> dict[str, Any]:
        """The state, made of JSON values."""
        return {"at": self.at, "data": self.data, "note": self.note, "undo": self._undo}

    def go(self, step: str, **changes: Any) -> None:
        """Go on to a step with some values changed; ``None`` removes one."""
        if step == "preview" and "changing" in self.data:
            changes["changing"] = None
        before = {name: self.data.get(name) for name in changes}
        self._undo.append([self.at, before])
        self._apply(changes)
        self.at, self.note = step, {}

    def back(self) -> bool:
        """Return to the step before, with every value as it was there.

        Returns:
            False at the first step, where nothing changes.
        """
        if not self._undo:
            return False
        at, before = self._undo.pop()
        self._apply(before)
        self.at, self.note = at, {}
        return True

    def restart(self, step: str, *, without: Callable[[Any], bool]) -> bool:
        """Return to a step as if it had just been reached, without certain values.

        Args:
            step: where to go on, if anything is dropped.
            without: which values are dropped.

        Returns:
            Whether there was such a value.
        """
        kept = {name: value for name, value in self.data.items() if not without(value)}
        if len(kept) == len(self.data):
            return False
        self.data = kept
        self.data.pop("changing", None)
        reached = [at for at, _ in self._undo]
        self._undo = self._undo[: reached.index(step)] if step in reached else self._undo
        self.at, self.note = step, {}
        return True

    def onward(self, step: str) -> str:
        """The next step: back to the preview while one part is being changed."""
        return "preview" if self.data.get("changing") else step

    def _apply(self, changes: dict[str, Any]) -> None:
        for name, value in changes.items():
            if value is None:
                self.data.pop(name, None)
            else:
                self.data[name] = value
