"""Making a report, as conversations: the whole way, the organization, who receives it."""

from __future__ import annotations

import pytest

from tests.reports.chat import Chat, FakeCases
from tests.reports.making import TO_ACCOUNT, receipt_of, report
from vault.receipts import grouped

# -- the whole way ------------------------------------------------------------------------------


def test_for_oneself_from_the_first_question_to_the_receipt(cases: FakeCases) -> None:
    chat = report(cases)
    chat.hears("Nothing is sent until", "Who did this happen to?")
    chat.presses("To me").hears("Which organization")
    chat.says("someone at the World Food Programme in Sudan")
    chat.hears("Do you mean", "World Food Programme (WFP)")
    chat.presses("Yes").hears("Office of the Inspector General", "because", "must not see it")
    chat.presses("No, it can go there").hears("in your own words")
    chat.says("He touched me in the lift.").hears("You can write more")
    chat.says("It was not the first time.").hears("You can write more")
    chat.presses("I have said it all").hears("When and where")
    chat.says("Last spring").hears("Who was involved")
    chat.presses("Skip").hears("What would you like to happen")
    chat.presses("An investigation").hears("in danger right now")
    chat.presses("No").hears("anonymous")
    chat.presses("Stay anonymous")
    chat.hears(
        "He touched me in the lift.\n\nIt was not the first time.",
        "Last spring",
        "(left out)",
        "An investigation",
        "Inspector General",
    )
    chat.presses("It is right, go on").hears("can't be recalled", "even if you change your mind")
    assert cases.sent == {}
    chat.presses("Yes, send it").hears("is sent", grouped(receipt_of(cases)), "last 4 digits")
    chat.says(receipt_of(cases)[-4:]).hears("noted it well")
    assert cases.office == "wfp-oig"
    sent = cases.report
    assert (sent.relation, sent.entity_code, sent.conflict) == ("self", "WFP", False)
    assert sent.account == "He touched me in the lift.\n\nIt was not the first time."
    assert (sent.when_where, sent.who, sent.wish) == ("Last spring", None, "An investigation")
    assert (sent.danger_now, sent.contact, sent.lang) == (False, None, "en")


def test_the_same_in_french(cases: FakeCases) -> None:
    chat = report(cases, "fr").hears("À qui est-ce arrivé")
    chat.goes_through("Je l’ai vu ou entendu", "le PAM").hears(
        "Programme alimentaire mondial (PAM)"
    )
    chat.goes_through("oui", "Non, il peut y aller", "Il l'a suivie.", "J’ai tout dit")
    chat.goes_through("Passer", "Passer", "Que cela cesse", "Passer", "Rester anonyme")
    chat.hears("Il l'a suivie.", "Programme alimentaire mondial (PAM)", "(laissé de côté)")
    chat.goes_through("Cela me convient, continuer", "Oui, envoyez-le").hears("Voici votre reçu")
    assert (cases.report.relation, cases.report.lang) == ("witness", "fr")
    assert cases.report.wish == "Que cela cesse"
    assert cases.report.danger_now is None


def test_by_numbers_where_no_own_words_are_asked_for(cases: FakeCases) -> None:
    chat = report(cases).goes_through("1", "WFP", "1", "1", "It happened.", "I have said it all")
    chat.goes_through("Skip", "Skip", "4", "2", "1").hears("Just so that it is known")


def test_another_language_in_the_middle_asks_the_same_question(cases: FakeCases) -> None:
    chat = report(cases).goes_through(*TO_ACCOUNT).switches_to("fr").hears("avec vos mots")
    chat.goes_through("Il m'a suivie.", "J’ai tout dit").hears("Quand et où")


# -- the organization ---------------------------------------------------------------------------


def test_an_ambiguous_short_name_is_chosen_by_its_full_name(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "OIM").hears("more than one")
    assert "International Maritime Organization (IMO)" in chat.labels
    chat.presses("International Organization for Migration (IOM)").hears("(OIO) of IOM")


@pytest.mark.parametrize("word", ["who", "un", "WHO", "pam"])
def test_an_ordinary_word_is_asked_about(cases: FakeCases, word: str) -> None:
    chat = report(cases).goes_through("To me", word).hears("Do you mean")
    chat.presses("No").hears("Which organization")


def test_none_of_these_leads_back_to_the_question(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "OMS", "None of these").hears("Which organization")
    chat.says("UNICEF").hears("Children's Fund")


def test_correcting_the_name_instead_of_saying_no(cases: FakeCases) -> None:
    report(cases).goes_through("To me", "WFP", "sorry, UNHCR").hears("Refugees (UNHCR)")


def test_a_slip_of_the_finger_is_never_taken_for_granted(cases: FakeCases) -> None:
    report(cases).goes_through("To me", "Unicfe").hears("Do you mean", "Children's Fund")


def test_an_organization_that_is_not_on_the_list_goes_to_oios(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "Blue Planet Club").hears("I don't know")
    chat.presses("It is not on your list").hears("OIOS", "not on my list")
    chat.goes_through("No, it can go there", "He shouted.", "I have said it all")
    chat.goes_through("Skip", "Skip", "Skip", "Skip", "Stay anonymous").hears("Blue Planet Club")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert (cases.report.entity_code, cases.report.entity_name) == (None, "Blue Planet Club")
    assert cases.office == "un-oios"


@pytest.mark.parametrize("words", ["I don't know", "i dont know", "no idea"])
def test_not_knowing_the_organization_is_fine(cases: FakeCases, words: str) -> None:
    report(cases).goes_through("To me", words).hears("OIOS", "not known")


def test_a_volunteer_is_asked_for_the_host(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "UNV", "Yes").hears("host organization")
    chat.goes_through("UNICEF", "Yes").hears("(OIAI) of UNICEF")


def test_the_volunteers_programme_itself(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "UNV", "Yes", "The volunteers' programme itself")
    chat.hears("(OAI) of UNDP")


def test_the_organization_can_not_be_skipped(cases: FakeCases) -> None:
    chat = report(cases).presses("To me").says("skip", "skip", 0.99).hears("I need an answer")
    assert chat.at == "entity"


def test_a_question_about_the_policy_is_a_digression_and_a_name_is_not(cases: FakeCases) -> None:
    chat = report(cases).presses("To me")
    chat.says("is there a deadline for this", "faq/deadlines", 0.9)
    assert chat.digressed and chat.at == "entity"
    chat.says("UNICEF", "faq/definition", 0.9)
    assert not chat.digressed and chat.at == "confirm"


# -- who receives it ----------------------------------------------------------------------------


def test_around_an_office_that_is_involved(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "WFP", "Yes")
    chat.presses("Yes, the first office")
    chat.hears("Executive Director of WFP", "Nobody at this office would be able to open it")
    chat.goes_through("Yes, that is right", "He did it.", "I have said it all")
    chat.goes_through("Skip", "Skip", "Skip", "Skip", "Stay anonymous")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert cases.office == "wfp-head" and cases.report.conflict
    assert cases.standby is None


def _to_the_end(chat: Chat) -> Chat:
    chat.goes_through("He did it.", "I have said it all", "Skip", "Skip", "Skip", "Skip")
    return chat.goes_through("Stay anonymous")


def test_the_second_office_stands_by_if_she_does_not_mind(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "WFP", "Yes")
    chat.hears("have to step aside", "Executive Director of WFP")
    chat.presses("No, it can go there")
    _to_the_end(chat).hears("Inspector General", "If nobody there can open it: ", "Executive")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert (cases.office, cases.standby) == ("wfp-oig", "wfp-head")


def test_the_second_office_can_be_left_out(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "WFP", "Yes", "Yes, the second office")
    _to_the_end(chat).hears("Inspector General", "Must not see it: Office of the Executive")
    chat.hears_nothing_of("If nobody there")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert (cases.office, cases.standby) == ("wfp-oig", None)
    assert not cases.report.conflict


def test_both_offices_can_be_left_out_and_then_none_is_left(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "WFP", "Yes", "Yes, both offices")
    chat.hears("outside that organization", "OIOS").presses("No, not there either")
    chat.hears("no other office", "in another way")
    assert chat.state and "standby" not in chat.state["data"]
    chat.presses("Back").presses("Back").presses("No, it can go there")
    assert chat.state["data"]["standby"] == "wfp-head"


def test_a_bare_yes_is_asked_for_its_office(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "WFP", "Yes")
    chat.says("yes", "affirm", 1.0).hears("which of the two offices")
    chat.presses("Yes, the second office").hears("in your own words")


def test_who_protects_from_retaliation_is_said_before_the_consent(cases: FakeCases) -> None:
    known = ("International Organization for Migration", "Ethics and Conduct Office")
    for entity, words in (known, ("WFP", "the ethics office of")):
        chat = report(cases).goes_through("To me", entity, "Yes", "No, it can go there")
        _to_the_end(chat).presses("It is right, go on").hears("retaliation", words)


def test_not_sure_is_explained_and_asked_again(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "WFP", "Yes", "I'm not sure")
    chat.hears("does not feel safe, choose yes")
    assert "I'm not sure" not in chat.labels
    chat.presses("No, it can go there").hears("in your own words")


def test_a_dead_route_is_named_and_the_alternate_offered() -> None:
    cases = FakeCases(reached=lambda office: office == "wfp-head")
    chat = report(cases).goes_through("To me", "WFP", "Yes")
    chat.hears("can't receive reports through this chat yet", "Executive Director of WFP")
    chat.goes_through("Yes, that is right", "He did it.", "I have said it all")
    chat.goes_through("Skip", "Skip", "Skip", "Skip", "Stay anonymous")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert cases.office == "wfp-head" and not cases.report.conflict


def test_where_office_and_alternate_are_dead_an_office_outside_is_offered_as_such() -> None:
    cases = FakeCases(reached=lambda office: office == "un-oios")
    chat = report(cases).goes_through("To me", "WFP", "Yes")
    chat.hears("can't receive reports through this chat yet", "outside that organization", "OIOS")
    assert "Other ways to report" in chat.labels and not cases.sent
    chat.goes_through("Yes, that is right", "He did it.", "I have said it all")
    chat.goes_through("Skip", "Skip", "Skip", "Skip", "Stay anonymous")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert cases.office == "un-oios" and not cases.report.conflict and cases.standby is None


def test_no_report_is_begun_that_nobody_could_read() -> None:
    alive: set[str] = set()
    cases = FakeCases(reached=lambda office: office in alive)
    chat = report(cases).goes_through("To me", "WFP", "Yes")
    chat.hears("Nobody would read it", "other ways")
    assert "Other ways to report" in chat.labels
    assert chat.at == "entity"
    alive.add("un-oios")
    chat.goes_through("UNEP", "Yes").hears("OIOS")


def test_no_alternate_is_said_honestly() -> None:
    cases = FakeCases(reached=lambda office: office == "wfp-oig")
    chat = report(cases).goes_through("To me", "WFP", "Yes")
    chat.presses("Yes, this office").hears("no other office")
    chat.presses("It can go there all the same").hears("in your own words")
    assert chat.state and chat.state["data"]["conflict"] is True


def test_refused_offices_are_gone_around_one_after_the_other(cases: FakeCases) -> None:
    chat = report(cases).goes_through("To me", "WFP", "Yes", "Yes, the first office")
    chat.presses("No, not there either").hears("outside that organization", "OIOS")
    chat.presses("No, not there either").hears("no other office", "Inspector General")
    chat.goes_through("Back", "Yes, that is right")
    _to_the_end(chat).hears("OIOS", "Must not see it", "Inspector General", "Executive Director")
    chat.goes_through("It is right, go on", "Yes, send it")
    assert (cases.office, cases.standby) == ("un-oios", None)
    assert cases.to and set(cases.to.shut_out) == {"wfp-oig", "wfp-head"}
    assert cases.report.conflict and len(cases.report.excluded) == 2


def test_where_nobody_is_left_she_is_told_so_and_nothing_is_begun() -> None:
    cases = FakeCases(reached=lambda office: office == "wfp-head")
    chat = report(cases).goes_through("To me", "WFP", "Yes", "No, not there either")
    chat.hears("no office is left", "in another way")
    chat.chooses("opt:agree").chooses("opt:refuse").hears("no office is left")
    assert "Other ways to report" in chat.labels and chat.at == "other" and not cases.sent
    chat.presses("Back").hears("Executive Director")
