"""Notices to focal points: neutral, once, tried again, repeated, reminded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.channels.contract import Told
from catalogue import Messages
from service.mail import Server
from service.notices import BACK_OFF, Notifier
from tests.support.notice_worker import KEY, LINK, WORDS, notifier
from tests.support.smtp import Post, mail_server
from tests.vault.rows import focal_point, new_case
from vault.database import Database
from vault.errors import NoSuchAccount
from vault.stores import AccountStore, Address, AddressBook, CaseStore, Outbox

DAY = date(2026, 5, 4)
LATER = DAY + timedelta(days=1)


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as running:
        yield running


@pytest.fixture
def case_id(database: Database) -> str:
    """A case of an office with one reader, who has an address."""
    focal_point(AccountStore(database, b"a" * 32), "Amina", "office")
    AddressBook(database, KEY).put("Amina", Address("amina@example.org", "fr"))
    new = new_case(offices=("office",), opened_on=DAY)
    CaseStore(database).add(new)
    return new.case_id


@pytest.fixture
def sender(database: Database, post: Post) -> Notifier:
    return notifier(database, post.url)


def test_it_goes_once_to_whoever_can_open_the_case(
    case_id: str, sender: Notifier, post: Post
) -> None:
    assert [sender.send_all(DAY), sender.send_all(DAY), sender.send_all(LATER)] == [1, 0, 0]
    ((mailbox, mail),) = post.mails
    assert mailbox == "amina@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    raw = mail.as_string()
    text = mail.get_payload(decode=True)
    assert (
        isinstance(text, bytes) and text.decode().count("https://") == 1 and LINK.encode() in text
    )
    assert case_id not in raw and "office" not in raw.replace(LINK, "")


@pytest.mark.parametrize("lang", WORDS.languages)
@pytest.mark.parametrize("key", ["subject", "new", "again", "linked", "link_wrong"])
def test_a_locked_screen_tells_nothing(lang: str, key: str) -> None:
    values = {"link": LINK} if key in ("new", "again") else {}
    said = WORDS.text(lang, f"notice.{key}", **values)
    telling = (
        r"speaksafe|harass|report|case|victim|sex|complain|misconduct|harcèlement|signalement|"
        r"plainte|acoso|denuncia|caso\b|домогат|обращени|жалоб|تحرش|بلاغ|شكوى|骚扰|举报|投诉"
    )
    assert not re.search(telling, said.replace(LINK, ""), re.IGNORECASE)


@pytest.mark.parametrize(
    ("told", "states"),
    [
        ("sent", {"sent": 1}),
        ("refused", {"refused": 1}),
        ("later", {"waiting": 1}),
        # Never sent twice: another one is due tomorrow.
        ("doubt", {"doubt": 1, "waiting": 1}),
    ],
)
def test_who_linked_a_channel_is_told_there_and_not_by_e_mail(
    case_id: str,
    database: Database,
    sender: Notifier,
    post: Post,
    told: Told,
    states: dict[str, int],
) -> None:
    who = AccountStore(database, b"a" * 32).sign_in("amina", bytes(32))
    assert who is not None
    assert AddressBook(database, KEY).link(who.account_id, "telegram", "734001", "es")
    said: list[tuple[str, str]] = []

    def tell(address: str, text: str, link: str) -> Told:
        assert link == LINK
        said.append((address, text))
        return told

    sender.tellers = {"telegram": tell}
    assert sender.send_all(DAY) == (told == "sent")
    assert said == [("734001", WORDS.text("es", "notice.new", link=LINK))]
    assert post.mails == [] and Outbox(database).counts() == states
    sender.tellers, sender.clock = {}, lambda: float(2**40)
    assert sender.send_all(DAY) == (1 if told == "later" else 0)


def test_without_a_mail_server_only_e_mail_waits(
    case_id: str, database: Database, sender: Notifier
) -> None:
    accounts = AccountStore(database, b"a" * 32)
    focal_point(accounts, "Bao", "office")
    who = accounts.sign_in("bao", bytes(32))
    assert who is not None
    AddressBook(database, KEY).link(who.account_id, "telegram", "734001", "es")
    CaseStore(database).add(new_case(b"another", offices=("office",), opened_on=DAY))
    sender.server, sender.tellers = None, {"telegram": lambda *_: "sent"}
    assert sender.send_all(DAY) == 1
    assert Outbox(database).counts() == {"sent": 1, "waiting": 2}


def test_it_is_tried_again_and_waits_longer_each_time(
    case_id: str, database: Database, sender: Notifier, post: Post
) -> None:
    now = [0.0]
    sender.clock = lambda: now[0]
    post.answers["RCPT"] = ["451 busy"] * 3
    tried = 0
    for _ in range(200):
        left = len(post.answers["RCPT"])
        sent = sender.send_all(DAY)
        tried += left != len(post.answers["RCPT"])
        if sent:
            break
        now[0] += 10
    assert tried == 3 and now[0] == sum(BACK_OFF[:3])
    assert Outbox(database).counts() == {"sent": 1}


def test_an_absent_server_loses_nothing(case_id: str, database: Database, post: Post) -> None:
    gone = notifier(database, "smtp://127.0.0.1:1")
    assert gone.send_all(DAY) == 0
    assert Outbox(database).counts() == {"waiting": 1}
    assert Outbox(database).waiting_since() == DAY
    assert notifier(database, post.url).send_all(DAY) == 1


def test_a_refused_address_is_not_tried_for_ever(
    case_id: str, database: Database, sender: Notifier, post: Post
) -> None:
    post.answers["RCPT"] = ["550 nobody here"]
    assert [sender.send_all(DAY), sender.send_all(DAY)] == [0, 0]
    assert Outbox(database).counts() == {"refused": 1}


def test_a_lost_answer_is_a_doubt_and_repeated_the_next_day_only(
    case_id: str, database: Database, sender: Notifier, post: Post
) -> None:
    post.hang_up_before_answer = True
    assert sender.send_all(DAY) == 0
    post.hang_up_before_answer = False
    assert sender.send_all(DAY) == 0
    assert len(post.mails) == 1
    assert Outbox(database).counts() == {"doubt": 1, "waiting": 1}
    assert sender.send_all(LATER) == 1
    assert len(set(post.ids())) == 2


def test_what_was_read_meanwhile_is_not_announced(
    case_id: str, database: Database, sender: Notifier, post: Post
) -> None:
    CaseStore(database).mark_read(case_id, "focal_point")
    assert sender.send_all(DAY) == 0 and not post.mails
    assert Outbox(database).counts() == {"spared": 1}


def test_without_an_address_it_waits_for_one(case_id: str, database: Database, post: Post) -> None:
    book = AddressBook(database, KEY)
    book.put("amina", None)
    sender = notifier(database, post.url)
    assert sender.send_all(DAY) == 0 and book.missing() == 1
    assert Outbox(database).counts() == {"unaddressed": 1}
    book.put("amina", Address("amina@example.org", "ar"))
    assert sender.send_all(DAY) == 1 and book.missing() == 0


def test_days_unread_bring_one_reminder_and_then_the_alternate(
    case_id: str, database: Database, sender: Notifier, post: Post
) -> None:
    box = Outbox(database)
    sender.send_all(DAY)
    late: list[str] = []
    for days in range(1, 12):
        day = DAY + timedelta(days=days)
        late += [f"{days}"] * len(box.schedule(day, remind_after=3, escalate_after=7))
        sender.send_all(day)
        assert len(post.mails) == (1 if days < 3 else 2)
    assert late == ["7", "8", "9", "10", "11"]


def test_an_addition_is_announced_and_reminded_of(
    case_id: str, database: Database, sender: Notifier, post: Post
) -> None:
    store, box = CaseStore(database), Outbox(database)
    sender.send_all(DAY)
    store.mark_read(case_id, "focal_point")
    store.set_status(case_id, "opened")
    store.add_entry(case_id, "reporter", b"envelope", LATER)
    sender.send_all(LATER)
    assert len(post.mails) == 2
    day = LATER + timedelta(days=7)
    assert box.schedule(day, 3, 7) == []
    sender.send_all(day)
    assert len(post.mails) == 3
    store.add_entry(case_id, "focal_point", b"reply", day)
    assert box.counts()["waiting"] == 0


def test_addresses_are_sealed_and_checked(case_id: str, database: Database, tmp_path: Path) -> None:
    for wrong in ("", "amina", "a@b\nBcc: c@d", "a@b, c@d", "<a@b>"):
        with pytest.raises(ValueError, match=r"name@example\.org") as caught:
            AddressBook(database, KEY).put("amina", Address(wrong, "en"))
        assert not wrong or wrong not in str(caught.value).replace("name@example.org", "")
    with pytest.raises(NoSuchAccount):
        AddressBook(database, KEY).put("nobody", Address("a@example.org", "en"))
    if database.file is not None:
        files = [path.read_bytes() for path in database.file.parent.glob("speaksafe.db*")]
        assert not any(b"amina@example" in content for content in files)
    other = AddressBook(database, b"o" * 32)
    with Outbox(database).take(DAY) as taken:
        assert taken is not None and other.get(taken.notice.account_id) is None


def test_the_servers_address_is_read_and_never_quoted() -> None:
    server = Server.parse("smtps://me:p%40ss@mail.example.org?from=a@example.org", "example.org")
    assert (server.port, server.tls, server.password) == (465, True, "p@ss")
    assert "p@ss" not in repr(server)
    with pytest.raises(ValueError, match="smtp://") as caught:
        Server.parse("http://geheim", "example.org")
    assert "geheim" not in str(caught.value)


def test_words_are_there_in_every_language() -> None:
    assert isinstance(WORDS, Messages) and len(WORDS.languages) == 6
