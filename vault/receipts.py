"""The receipt: 24 digits that only the reporter has, and all that leads back to her case.

23 digits are random and the last is a check digit: 76.4 bits, sayable on the phone, the same in
every script. The receipt itself is stored nowhere. What is derived from it is slow to compute
(Argon2id, RFC 9106) and needs the server's secret as well, so a stolen database can't be searched
for receipts. Two things come of it: the *locator*, the only index under which the case is found,
and the *key* that replies are sealed to, which exists only while the reporter is here.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import threading
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from vault.keys import Kem, PrivateKey

#: Digits of a receipt, the check digit included.
DIGITS = 24
#: Digits in a group when it is shown.
GROUP = 4

MEMORY_KIB = 64 * 1024
ITERATIONS = 3
LANES = 4

#: Seconds for which a receipt that was derived ahead is kept: she reads and agrees meanwhile.
AHEAD_SECONDS = 120.0
#: How many of them are kept at once.
MOST_AHEAD = 64

# One derivation at a time in the whole process. Each takes 64 MiB and as many cores as there are
# lanes, so a crowd of guesses must queue. And two at once may never end: OpenSSL 3 shares one
# limited set of threads among them, and each can wait for ever for those that the other holds.
_ALONE = threading.Lock()

_SALT = b"speaksafe/1/receipt"
_SEPARATORS = frozenset(" \t\r\n.,·_")
_RUN = re.compile(r"[0-9]+")

# Damm's totally anti-symmetric quasigroup of order 10 (H. M. Damm, 2004).
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


@dataclass(frozen=True, slots=True)
class Derived:
    """What a receipt leads to.

    Args:
        locator: 32 bytes, the index of the case.
        keys: the reporter's private key, one of each kind; never stored. Her case has the public
            half of one of them.
    """

    locator: bytes = field(repr=False)
    keys: Mapping[Kem, PrivateKey] = field(repr=False)


class Receipts:
    """Makes receipts and derives what they lead to.

    Args:
        pepper: the server's secret for receipts (:attr:`vault.secrets.Secrets.receipts`).
        kem: of which kind the key of a new case is.
    """

    def __init__(self, pepper: bytes, kem: Kem = "x25519") -> None:
        self.kem: Kem = kem
        self._pepper = pepper
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="receipts")
        self._ahead: dict[str, asyncio.Future[Derived]] = {}
        self._at_work = 0

    def new(self) -> str:
        """A fresh receipt: 24 ASCII digits."""
        random = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS - 1))
        return random + check_digit(random)

    async def derive(self, code: str) -> Derived:
        """What a receipt leads to; the same work for every code, real or not.

        Args:
            code: 24 ASCII digits, as :func:`read_digits` gives them. Whether they are a
                well-formed receipt makes no difference here, so that a wrong receipt takes as
                long as an unknown one.

        Raises:
            ValueError: these are not 24 ASCII digits.
        """
        if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
            raise ValueError("a receipt has 24 digits")
        begun = self._ahead.pop(code, None)
        return await (begun or self._begin(code))

    def ahead(self, code: str) -> None:
        """Begin to derive a receipt that was just drawn, so that sending need not wait for it.

        Only while nobody waits for the one thread: a crowd must not be slowed by those who may
        never send. What is not asked for is forgotten after :data:`AHEAD_SECONDS`.

        Args:
            code: from :meth:`new`; nobody else can know it yet, so nobody can learn from the time
                that it takes later.
        """
        if self._at_work or len(self._ahead) >= MOST_AHEAD:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._ahead[code] = self._begin(code)
        loop.call_later(AHEAD_SECONDS, self._ahead.pop, code, None)

    def _begin(self, code: str) -> asyncio.Future[Derived]:
        def done(_: object) -> None:
            self._at_work -= 1

        self._at_work += 1
        begun = asyncio.get_running_loop().run_in_executor(self._pool, self._derive, code)
        begun.add_done_callback(done)
        return begun

    def close(self) -> None:
        """Let the thread end."""
        self._pool.shutdown()

    def _derive(self, code: str) -> Derived:
        kdf = Argon2id(
            salt=_SALT,
            length=32,
            iterations=ITERATIONS,
            lanes=LANES,
            memory_cost=MEMORY_KIB,
            secret=self._pepper,
        )
        with _ALONE:
            root = kdf.derive(code.encode("ascii"))
        kinds: tuple[Kem, ...] = ("x25519", "x-wing")
        keys = {kem: PrivateKey(_expand(root, f"case-{kem}"), kem) for kem in kinds}
        return Derived(_expand(root, "locator"), keys)


def grouped(code: str) -> str:
    """A receipt as it is shown: six groups of four digits."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_digits(text: str) -> str | None:
    """The receipt in what a person typed, as ASCII digits.

    Digits of every script count, with spaces, hyphens, dots or invisible direction marks between
    them, and other words before and after.

    Returns:
        24 digits (perhaps with a wrong check digit), or ``None`` when the text has no run of
        exactly 24 digits, or several.
    """
    found = [run for run in _RUN.findall(_plain(text)) if len(run) == DIGITS]
    return found[0] if len(found) == 1 else None


def is_well_formed(code: str) -> bool:
    """Whether 24 ASCII digits end in the check digit that belongs to them."""
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return False
    return check_digit(code) == "0"


def check_digit(digits: str) -> str:
    """Damm's check digit: it shows every single wrong digit and every swap of neighbours.

    Appended to ``digits`` it makes the check digit of the whole ``0``.
    """
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def _plain(text: str) -> str:
    """The text with ASCII digits, and without what may stand between the digits of a receipt."""
    letters = []
    for letter in text:
        value = unicodedata.decimal(letter, None)
        if value is not None:
            letters.append(str(value))
        elif letter not in _SEPARATORS and unicodedata.category(letter) not in ("Zs", "Pd", "Cf"):
            letters.append(letter)
    return "".join(letters)


def _expand(root: bytes, name: str) -> bytes:
    return HKDFExpand(SHA256(), 32, f"speaksafe/1/{name}".encode()).derive(root)
