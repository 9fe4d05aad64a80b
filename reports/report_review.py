"""The end of a report's dialogue: the final text, its changes, and the consent to send it."""

from __future__ import annotations

from catalogue import Heard, Message
from reports.attaching import Attaching, sealed
from reports.cases import Cases
from reports.draft import Draft
from reports.report import Report
from reports.report_reaching import Reaching
from reports.report_telling import Said, account
from reports.routes import UNKNOWN
from reports.words import Words

#: The parts that can be changed, and the step that asks for each anew.
PARTS = {
    "relation": "relation",
    "entity": "entity",
    "account": "rework",
    "when_where": "when_where",
    "who": "who",
    "wish": "wish",
    "danger": "danger",
    "contact": "contact",
}


class Review:
    """Shows the final text, lets parts of it be changed, and asks for the consent to send."""

    def __init__(self, words: Words, reaching: Reaching, cases: Cases) -> None:
        self._words = words
        self._reaching = reaching
        self._cases = cases
        self._attaching = Attaching(words)

    def report(self, draft: Draft, lang: str) -> Report:
        """The report as it will be sent."""
        data = draft.data
        known = data["entity"] != UNKNOWN
        name = self._reaching.entity_name(draft, lang) if known else data.get("said")
        wish = self._words.text(lang, f"choice.{data['wish']}") if "wish" in data else None
        return Report(
            relation=data["relation"],
            entity_code=data["entity"] or None,
            entity_name=name,
            conflict=data.get("conflict", False),
            account=account(draft),
            when_where=data.get("when_where"),
            who=data.get("who"),
            wish=wish or data.get("wish_words"),
            danger_now={"yes": True, "no": False}.get(data.get("danger", "")),
            contact=data.get("contact"),
            lang=lang,
            excluded=self._reaching.shut_names(draft, lang),
            attachments=tuple(sealed(draft)),
        )

    def ask_preview(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """The final text, and whether to send it."""
        intro = self._words.say(lang, "preview.intro")
        # It must be read, but never kept by whatever repeats or records messages.
        text = Message(self._text(draft, lang), secret=True)
        return (*intro, text, *self._words.say(lang, "preview.ask", *_offers(draft)))

    def _text(self, draft: Draft, lang: str) -> str:
        report = self.report(draft, lang)
        danger = {True: "yes", False: "no", None: None}[report.danger_now]
        values = {
            "relation": self._words.text(lang, f"choice.{report.relation}"),
            "entity": self._reaching.entity_name(draft, lang),
            "account": report.account,
            "when_where": report.when_where,
            "who": report.who,
            "wish": report.wish,
            "danger": self._words.text(lang, f"choice.{danger}") if danger else None,
            "contact": report.contact or self._words.text(lang, "part.anonymous"),
        }
        if count := self._attaching.count(draft):
            clean = bool(draft.data.get("clean"))
            values["files"] = self._attaching.counted(count, lang, clean=clean)
        left_out = self._words.text(lang, "part.left_out")
        parts = [
            f"{self._words.text(lang, f'part.{name}')}\n{value or left_out}"
            for name, value in values.items()
        ]
        goes_to = self._reaching.office_name(draft.data["office"], lang)
        if "standby" in draft.data:
            second = self._reaching.office_name(draft.data["standby"], lang)
            goes_to = self._words.text(lang, "part.behind", office=goes_to, second=second)
        if report.excluded:
            names = "; ".join(report.excluded)
            goes_to = self._words.text(lang, "part.shut", office=goes_to, names=names)
        return "\n\n".join([f"{self._words.text(lang, 'part.office')}\n{goes_to}", *parts])

    def hear_preview(self, draft: Draft, heard: Heard) -> Said:
        """Send, change or stop."""
        if heard.choice == "opt:send" or self._words.command(heard, free=False) == "yes":
            # Drawn before it is needed, so that however often she agrees it is sent once.
            ticket = self._cases.ticket()
            draft.go("consent", case_id=ticket.case_id, receipt=ticket.receipt)
            return None
        if heard.choice == "opt:change" or self._words.command(heard, free=False) == "no":
            draft.go("change")
            return None
        if heard.choice == "opt:files" and "attach" in draft.data:
            draft.go("files")
            return None
        return self._words.say(heard.lang, "preview.ask", *_offers(draft))

    def ask_change(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Which part?"""
        offers = [(f"opt:{name}", self._words.text(lang, f"part.{name}")) for name in PARTS]
        return self._words.say(lang, "preview.change", *offers, "do:back")

    def hear_change(self, draft: Draft, heard: Heard) -> Said:
        """One part of the report."""
        step = PARTS.get((heard.choice or "").removeprefix("opt:"))
        if step is None:
            return self.ask_change(draft, heard.lang)
        draft.go(step, changing=True, hosted=None)
        return None

    def ask_consent(self, draft: Draft, lang: str) -> tuple[Message, ...]:
        """Who protects from retaliation; once sent it cannot be recalled. Send?"""
        protector = self._reaching.retaliation(draft)
        if protector is None:
            protected = self._words.say(lang, "retaliation.unknown")
        else:
            protected = self._words.say(lang, "retaliation.known", office=protector.name(lang))
        return protected + self._words.say(
            lang,
            "consent",
            ("do:yes", self._words.text(lang, "choice.send_now")),
            ("do:no", self._words.text(lang, "choice.not_yet")),
            office=self._reaching.office_name(draft.data["office"], lang),
        )

    def hear_consent(self, draft: Draft, heard: Heard) -> Said:
        """Only a clear yes sends."""
        if self._words.agreed(heard):
            draft.at = "sending"
            return None
        if self._words.command(heard, free=False) == "no":
            draft.back()
            return None
        return self.ask_consent(draft, heard.lang)


def _offers(draft: Draft) -> list[str]:
    files = ["opt:files"] if "attach" in draft.data else []
    return ["opt:send", "opt:change", *files, "do:back", "do:stop"]
