"""The demo: everything real but its recipients, and marked as a demo everywhere.

Where nothing is configured, a newcomer gets a focal point, an alternate and a Task Force whose
keys were made here, on her own machine, for her alone. A real focal point's key is made in her
own browser and never lies in a file.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from service.storage import Storage
from vault import keyfiles
from vault.keys import PrivateKey
from vault.stores.owners import owner_of
from vault.wrapping import derive, new_salt, wrap
from vault.writing import write_again

#: Name and offices of each demo account.
_ACCOUNTS = {
    "demo-focal-point": ("demo-office",),
    "demo-alternate": ("demo-alternate",),
    "demo-task-force": ("task-force",),
    "demo-owner": (owner_of("demo-office"),),
}

_WORDS = [
    "amber",
    "bridge",
    "candle",
    "dawn",
    "ember",
    "field",
    "garden",
    "harbour",
    "island",
    "juniper",
    "kettle",
    "lantern",
    "meadow",
    "nectar",
    "orchard",
    "pebble",
    "quartz",
    "river",
    "saffron",
    "timber",
    "umber",
    "valley",
    "willow",
    "yarrow",
    "zephyr",
]


@dataclass(frozen=True, slots=True)
class Demo:
    """What a newcomer needs to know.

    Args:
        folder: where the demo keys lie.
        sign_ins: name and passphrase of each demo account.
    """

    folder: Path
    sign_ins: dict[str, str]


def prepare(storage: Storage, data_dir: Path, instrument: str) -> Demo:
    """Make the demo's keys, accounts and open round, each once.

    Args:
        storage: the demo's database.
        data_dir: below it the keys are put.
        instrument: id and version of the questionnaire of the first round.
    """
    folder = data_dir / "demo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for role in ("task-force", "recovery"):
        path = folder / f"{role}.key"
        if not path.exists():
            keyfiles.new(path, role, storage.receipts.kem)
        public = keyfiles.read(path).public
        if public not in storage.keys.all(role):
            storage.keys.add(role, public)
    task_force = keyfiles.read(folder / "task-force.key").public
    if not storage.rounds.list():
        opened = storage.rounds.open(instrument, "open", task_force)
        storage.drop_box.prepare(opened.round_id)
    return Demo(folder, _accounts(storage, folder / "sign-ins.json"))


def _accounts(storage: Storage, path: Path) -> dict[str, str]:
    sign_ins: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    for name, offices in _ACCOUNTS.items():
        if name in sign_ins and storage.accounts.public_keys(offices):
            continue
        sign_ins[name] = "-".join(secrets.choice(_WORDS) for _ in range(6))
        salt = new_salt()
        derived = derive(sign_ins[name], salt)
        private = PrivateKey.new(storage.receipts.kem)
        code = storage.accounts.invite(name, offices)
        storage.accounts.finish_setup(
            name, code, salt, derived.sign_in, private.public(), wrap(private, derived.wrap)
        )
    write_again(path, f"{json.dumps(sign_ins, indent=1)}\n".encode())
    return sign_ins
