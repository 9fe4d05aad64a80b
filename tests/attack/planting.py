"""Words that are planted in conversations, and looked for afterwards.

They come of a seed, so that who plants and who looks for them need not tell each other.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
CHANNELS = ("web", "plain", "telegram", "whatsapp", "sms", "signal")

#: How somebody asks for her language.
ASKS = {
    "en": "in English please",
    "fr": "en français",
    "es": "en español",
    "ru": "по-русски",
    "zh": "用中文",
    "ar": "بالعربية",
}

#: What stands around what is planted, so that it is taken for an account.
_TELLS = {
    "en": "He follows me home, his name is {0}. My number is {1}.",
    "fr": "Il me suit jusque chez moi, il s'appelle {0}. Mon numéro : {1}.",
    "es": "Me sigue hasta mi casa, se llama {0}. Mi número es {1}.",
    "ru": "Он идёт за мной до дома, его зовут {0}. Мой номер {1}.",
    "zh": "他跟踪我回家，他叫{0}。我的号码是{1}。",
    "ar": "يتبعني إلى البيت واسمه {0}. رقمي {1}.",
}

_ALPHABETS = {
    "en": "bdfgklmnprstvz aeiou",
    "fr": "bdfgklmnprstvz aéèiou",
    "es": "bdfgklmnñprstvz aeióu",
    "ru": "бдгжклмнпрст аеиоу",
    "zh": "龘靐齉齾爩鱻麤灪籱厵 滟麣鸾鹳虋讟",
    "ar": "بتجدرسشعفقكل اويةى",
}


@dataclass(frozen=True, slots=True)
class Planted:
    """What one person says and carries.

    Args:
        number: her own; also her address with a carrier.
        channel: where she writes.
        lang: the language of what she plants.
        name: of somebody, made up, in her language's letters.
        phone: a number that she tells.
        tells: her account, with both.
        agent: what her browser says it is.
        address: where her browser is.
    """

    number: int
    channel: str
    lang: str
    name: str
    phone: str
    tells: str
    agent: str
    address: str

    @property
    def words(self) -> list[str]:
        """What must be found nowhere."""
        return [self.name, self.phone, self.agent, self.address]


def people(seed: int, many: int) -> list[Planted]:
    """Who writes: every channel with every language in turn."""
    chance = random.Random(seed)
    return [_person(number, chance) for number in range(many)]


def _person(number: int, chance: random.Random) -> Planted:
    channel = CHANNELS[number % len(CHANNELS)]
    lang = LANGUAGES[number // len(CHANNELS) % len(LANGUAGES)]
    hard, soft = _ALPHABETS[lang].split(" ")
    syllables = 3 if lang == "zh" else 4
    name = "".join(chance.choice(hard) + chance.choice(soft) for _ in range(syllables))
    phone = f"+4479{chance.randrange(10**8):08}"
    agent = f"Browser/{chance.randrange(10**9)}"
    address = f"2001:db8:{chance.randrange(1, 2**16):x}:{chance.randrange(1, 2**16):x}::{number:x}"
    told = _TELLS[lang].format(name, phone)
    return Planted(number, channel, lang, name, phone, told, agent, address)
