"""Handing a notice to a mail server, and knowing exactly how far it got.

A server takes a message over in the moment in which it sees its last line. So the caller is told
before that line goes out, when nothing can be delivered yet; whatever breaks earlier is certainly
not delivered, whatever breaks later may be.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

#: What became of a message: taken by the server; refused for good; certainly not delivered, try
#: again; maybe delivered, its answer was lost; or the server itself cannot be used now.
Outcome = Literal["sent", "refused", "later", "doubt", "unreachable"]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SECONDS = 20
#: An impatient sender makes doubts: RFC 5321 (section 4.5.3.2.6) would wait ten minutes.
_SECONDS_TO_TAKE_OVER = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server.

    Args:
        host: its name.
        port: 25, 465 or 587 usually.
        tls: encrypted from the first byte (``smtps``); otherwise STARTTLS must be offered,
            except on this machine.
        user: to sign in; ``None`` where that is not needed.
        password: belongs to the user.
        sender: the mailbox that notices come from.
    """

    host: str
    port: int
    tls: bool
    user: str | None = field(repr=False)
    password: str = field(repr=False)
    sender: str

    @classmethod
    def parse(cls, url: str, public_host: str) -> Server:
        """Read ``smtp://user:password@host:port?from=name@example.org``.

        Args:
            url: percent-encoded where user or password need it.
            public_host: the sender is ``no-reply`` there if none is given.

        Raises:
            ValueError: it cannot be read. The message does not quote it.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("write it as smtp://user:password@host:587?from=name@example.org")
        tls = parts.scheme == "smtps"
        sender = parse_qs(parts.query).get("from", [f"no-reply@{public_host}"])[0]
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 587),
            tls=tls,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or ""),
            sender=sender,
        )


def message(server: Server, notice_id: str, mailbox: str, subject: str, text: str) -> EmailMessage:
    """A notice as a message. Its id is the notice's own, so a mail system can tell repeats.

    Args:
        server: who sends it.
        notice_id: made of letters, digits, hyphens and underscores.
        mailbox: who gets it.
        subject: one line that says nothing.
        text: the words, and the one link.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = server.sender
    mail["To"] = mailbox
    mail["Subject"] = subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{notice_id}@{server.sender.rpartition('@')[2]}>"
    # No holiday message answers (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail


def deliver(server: Server, mail: EmailMessage, mark: Callable[[], None]) -> Outcome:
    """Hand a message to the server.

    Args:
        server: where to.
        mail: made by :func:`message`.
        mark: called once, before the message's last line can reach the server. If it raises,
            nothing was delivered.

    Returns:
        how far it got.
    """
    try:
        smtp = _connected(server)
    except (OSError, smtplib.SMTPException):
        return "unreachable"
    with contextlib.closing(smtp):
        try:
            refused = _announced(smtp, server.sender, str(mail["To"]))
        except (OSError, smtplib.SMTPException):
            return "unreachable"
        if refused is not None:
            return refused
        mark()
        return _handed_over(smtp, mail.as_bytes())


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_SECONDS, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
        if server.host not in _LOOPBACK:
            # Without it, whoever listens would learn who reads reports, and the password.
            smtp.starttls(context=context)
    if server.user is not None:
        smtp.login(server.user, server.password)
    smtp.ehlo_or_helo_if_needed()
    return smtp


def _announced(smtp: smtplib.SMTP, sender: str, mailbox: str) -> Outcome | None:
    """Say who writes to whom; ``None`` when the server waits for the message."""
    code, _ = smtp.mail(sender)
    if code != 250:
        return "unreachable"
    code, _ = smtp.rcpt(mailbox)
    if code not in (250, 251):
        return "refused" if code >= 500 else "later"
    code, _ = smtp.docmd("DATA")
    if code != 354:
        return "refused" if code >= 500 else "later"
    return None


def _handed_over(smtp: smtplib.SMTP, raw: bytes) -> Outcome:
    lines = raw.replace(b"\n.", b"\n..")
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(_SECONDS_TO_TAKE_OVER)
        smtp.send(lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, _ = smtp.getreply()
    except (OSError, smtplib.SMTPException):
        return "doubt"
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    if code == 250:
        return "sent"
    return "refused" if code >= 500 else "later"
