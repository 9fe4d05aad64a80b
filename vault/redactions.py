"""The file in which two people agree on what may leave of a free text.

It is sealed to the Task Force's key as the answers are, and never holds the text itself: only a
name for it, which nobody can compute without the key, the words that are proposed in its place,
and who signed them.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from vault.encoding import to_text
from vault.errors import RedactionError, SealingError
from vault.keys import PrivateKey
from vault.sealing import Context, open_envelope, seal
from vault.signing import sign, signed, signer
from vault.writing import write_again

_USE = "redaction"
#: What a text may become: words in its place, the name of a theme, or nothing.
KINDS = ("words", "theme", "left_out")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What one or two people said about one text.

    Args:
        text_id: the name of the text.
        item: the question it answers.
        kind: one of :data:`KINDS`.
        words: what is to leave in its place; empty if it is left out.
        proposer: what verifies the first signature.
        proposed: the first signature.
        agreer: what verifies the second; empty while nobody agreed.
        agreed: the second signature.
    """

    text_id: str
    item: str
    kind: str
    words: str
    proposer: str
    proposed: str
    agreer: str = ""
    agreed: str = ""

    def settled(self, round_id: str) -> bool:
        """Whether two different people signed exactly this."""
        data = _data(round_id, self.text_id, self.item, self.kind, self.words)
        return (
            self.proposer != self.agreer
            and signed(self.proposer, _USE, data, self.proposed)
            and signed(self.agreer, _USE, data, self.agreed)
        )


def text_id(text: str, item: str, key: PrivateKey) -> str:
    """The name of a text (HMAC-SHA-256 under the Task Force's key); equal texts share it."""
    return to_text(hmac.digest(key.raw, f"speaksafe/1/text/{item}/{text}".encode(), "sha256"))


def propose(round_id: str, id: str, item: str, kind: str, words: str, me: PrivateKey) -> Redaction:
    """What one person proposes, signed."""
    data = _data(round_id, id, item, kind, words)
    return Redaction(id, item, kind, words, signer(me), sign(me, _USE, data))


def agree(round_id: str, redaction: Redaction, me: PrivateKey) -> Redaction:
    """The same, signed by a second person.

    Raises:
        RedactionError: it is the person who proposed it, or the proposal was changed since.
    """
    if signer(me) == redaction.proposer:
        raise RedactionError("this was proposed with the same key; a second person must agree")
    data = _data(round_id, redaction.text_id, redaction.item, redaction.kind, redaction.words)
    if not signed(redaction.proposer, _USE, data, redaction.proposed):
        raise RedactionError("a proposal was changed after it was signed; propose it again")
    return replace(redaction, agreer=signer(me), agreed=sign(me, _USE, data))


class RedactionFile:
    """The redactions of one round, in a file sealed to the Task Force.

    Args:
        path: made when it is first saved, readable by its owner only.
        key: the Task Force's, which opens it.
        round_id: the round; a file of another round cannot be opened.
    """

    def __init__(self, path: Path, key: PrivateKey, round_id: str) -> None:
        self._path = path
        self._key = key
        self._context = Context("redaction", round_id)

    def load(self) -> dict[str, Redaction]:
        """Every redaction by the name of its text.

        Raises:
            RedactionError: the file cannot be read or opened.
        """
        try:
            sealed = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise RedactionError(f"{self._path} can't be read ({error.strerror})") from None
        try:
            rows = json.loads(open_envelope(sealed, self._key, self._context))
            found = [Redaction(**row) for row in rows]
        except (SealingError, ValueError, TypeError):
            raise RedactionError(
                f"{self._path} is of another round or key, or damaged; restore it from its copy"
            ) from None
        return {one.text_id: one for one in found}

    def save(self, redactions: dict[str, Redaction]) -> None:
        """Replace the file, whole or not at all.

        Raises:
            RedactionError: it cannot be written.
        """
        rows = [asdict(redactions[name]) for name in sorted(redactions)]
        sealed = seal(json.dumps(rows).encode(), [self._key.public()], self._context)
        try:
            write_again(self._path, sealed)
        except OSError as error:
            raise RedactionError(f"{self._path} can't be written ({error.strerror})") from None


def _data(round_id: str, id: str, item: str, kind: str, words: str) -> bytes:
    return json.dumps([round_id, id, item, kind, words]).encode()
