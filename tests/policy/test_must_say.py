"""What an answer must say, in every language: the meaning that edits must not lose."""

import re
from pathlib import Path

import pytest

from policy import Answers
from tests.policy import small
from tests.policy.conftest import LANGUAGES
from tests.policy.said import whole
from tests.policy.traps import plain

#: (topic, what it must say) -> one pattern for each language, in plain text.
MUST: dict[tuple[str, str], dict[str, str]] = {
    # The three sentences that must never go wrong.
    ("policy_status", "the Model Policy is a model"): {
        "en": r"it is a model",
        "fr": r"c'est un modèle",
    },
    ("policy_status", "her own organization's policy binds"): {
        "en": r"what binds you is your own organization's policy",
        "fr": r"ce qui vous engage, c'est la politique de votre propre organisation",
    },
    ("policy_status", "policies differ"): {"en": r"policies differ", "fr": r"politiques diffèrent"},
    ("survey_about", "an answer is no report"): {
        "en": r"survey answer is not a report\. nobody will act on it for you",
        "fr": r"réponse à l'enquête n'est pas un signalement\. personne n'agira pour vous",
    },
    ("survey_safety", "an answer is no report"): {
        "en": r"survey answer is not a report\. nobody will act on it for you",
        "fr": r"réponse à l'enquête n'est pas un signalement\. personne n'agira pour vous",
    },
    ("about_assistant", "talking is no report"): {
        "en": r"talking to me is not a report",
        "fr": r"me parler n'est pas faire un signalement",
    },
    **{
        (topic, "it may go on without her"): {
            "en": r"(may|can) (start and )?(start a process that )?goe?s? on without "
            r"(your|their) agreement|start a process that goes on without their agreement",
            "fr": r"continue[r]? sans (votre|son) accord",
        }
        for topic in ("how_to_report", "stop_process", "what_happens_next", "witness")
    },
    **{
        (topic, "an ombudsman normally starts nothing"): {
            "en": r"ombudsman.*normally (starts no process|does not do that)",
            "fr": r"ombudsman.*(normalement,? (aucune procédure|cela ne lance aucune procédure"
            r"|ne lance aucune procédure)|n'a normalement pas cet effet"
            r"|ne lance normalement aucune procédure)",
        }
        for topic in ("how_to_report", "ombudsman", "who_will_know", "must_i_report")
    },
    # Deadlines, anonymity, confidentiality.
    ("deadlines", "many have none, hers may differ"): {
        "en": r"many un organizations have no deadline.*yours may differ: check with your "
        r"organization before assuming you are too late, or in time",
        "fr": r"beaucoup d'organisations de l'onu n'ont pas de délai.*la vôtre peut différer : "
        r"vérifiez auprès de votre organisation avant de penser qu'il est trop tard, "
        r"ou que vous avez le temps",
    },
    ("deadlines", "other clocks run"): {
        "en": r"retaliation, or making a legal challenge, usually has a deadline",
        "fr": r"représailles ou un recours en justice ont généralement une date limite",
    },
    ("anonymous_report", "it has limits"): {
        "en": r"there is a limit.*may not be able to go on.*may still let someone guess",
        "fr": r"il y a une limite.*ne pourra peut-être pas aller plus loin.*deviner qui vous êtes",
    },
    ("anonymous_report", "not everywhere"): {
        "en": r"many un organizations take.*a few discourage.*older rules left harassment out",
        "fr": r"beaucoup.*quelques-unes les découragent.*anciennes règles en excluaient",
    },
    ("confidentiality", "it is not secrecy"): {
        "en": r"does not mean secret.*person accused will normally be told",
        "fr": r"ne veut pas dire secret.*personne accusée est normalement informée",
    },
    ("who_will_know", "a report is shared"): {
        "en": r"shared with those who need it.*person accused.*your chain",
        "fr": r"partagé avec les personnes qui en ont besoin.*personne accusée.*hiérarchie",
    },
    # Duty, outcome, verdict.
    ("must_i_report", "it is her choice"): {
        "en": r"reporting is your choice",
        "fr": r"signaler est votre choix",
    },
    ("must_i_report", "care does not depend on it"): {
        "en": r"support and medical care usually do not depend on a report",
        "fr": r"le soutien et les soins ne dépendent pas d'un signalement",
    },
    ("sea", "a victim chooses"): {
        "en": r"duty to report any suspicion.*harmed yourself, what you tell is your choice",
        "fr": r"devoir de signaler tout soupçon.*ce que vous dites relève de votre choix",
    },
    ("sea", "she need not classify"): {
        "en": r"do not have to sort that out",
        "fr": r"n'avez pas à trancher",
    },
    ("abuse_of_authority", "it is another term"): {
        "en": r"sexual exploitation and abuse is a separate term",
        "fr": r"l'exploitation et les atteintes sexuelles sont une notion à part",
    },
    ("is_this_harassment", "no verdict here"): {
        "en": r"i cannot decide that for you, and you do not have to name it"
        r".*the receiving office decides",
        "fr": r"je ne peux pas en décider pour vous, et rien ne vous oblige à lui donner un nom"
        r".*c'est le service qui le reçoit qui décide",
    },
    ("outcomes", "nobody knows the end"): {
        "en": r"i cannot say how a case will end",
        "fr": r"je ne peux pas dire comment une affaire finira",
    },
    ("outcomes", "unproven is not malicious"): {
        "en": r"usually does not mean that the report was made in bad faith",
        "fr": r"ne veut généralement pas dire que le signalement était de mauvaise foi",
    },
    ("told_outcome", "it depends"): {
        "en": r"it depends on the organization.*un secretariat.*other organizations vary",
        "fr": r"cela dépend de l'organisation.*secrétariat.*les autres organisations varient",
    },
    ("how_long", "no time is given"): {
        "en": r"i cannot give you a time",
        "fr": r"je ne peux pas vous donner de durée",
    },
    # Medical care.
    **{
        (topic, "the 72 hours"): {
            "en": r"as soon as possible, ideally within 2 hours and not later than 72 hours",
            "fr": r"au plus vite, si possible dans les 2 heures et au plus tard dans les 72 heures",
        }
        for topic in ("medical_care", "deadlines")
    },
    ("medical_care", "care without a report"): {
        "en": r"usually do not have to report to get care",
        "fr": r"en général, il n'est pas nécessaire de signaler pour avoir des soins",
    },
    ("medical_care", "evidence is her choice"): {
        "en": r"only if you want that",
        "fr": r"seulement si vous le voulez",
    },
    # People.
    ("accused", "no word about reports"): {
        "en": r"presumed innocent.*do not know whether anyone has been reported, and i could not",
        "fr": r"présomption d'innocence.*ne sais pas si quelqu'un a été signalé, et je ne pourrais",
    },
    ("false_reports", "unproven is not false"): {
        "en": r"cannot be proven is usually not treated as false",
        "fr": r"ne peut pas être prouvé n'est généralement pas traité comme faux",
    },
    ("managers_duty", "they do not investigate"): {
        "en": r"pass it on promptly.*do not investigate",
        "fr": r"transmettent sans tarder.*n'enquêtent pas",
    },
    ("self_blame", "it is not her fault"): {
        "en": r"is not your fault",
        "fr": r"n'est pas votre faute",
    },
    ("men_as_victims", "any gender"): {"en": r"any gender", "fr": r"tous les genres"},
    ("retaliation", "the gaps are admitted"): {"en": r"found gaps", "fr": r"trouvé des lacunes"},
    ("clearcheck", "nobody is looked up"): {
        "en": r"cannot search it, and i cannot either",
        "fr": r"n'y ont pas accès, et moi non plus",
    },
    ("statistics", "a self-selected sample"): {
        "en": r"chose for themselves.*describe those who answered.*do not tell how common",
        "fr": r"a choisi de répondre.*décrivent donc celles qui ont répondu.*ne disent pas combien",
    },
    # This system.
    ("about_assistant", "neither person nor emergency service"): {
        "en": r"computer program, not a person.*not an emergency service",
        "fr": r"programme informatique, pas une personne.*pas un service d'urgence",
    },
    ("privacy_here", "what is kept and who can see"): {
        "en": r"after 30 minutes without a message.*keeps nothing.*server can see your words"
        r".*only its focal points can open it.*browser history.*employer's network",
        "fr": r"après 30 minutes sans message.*ne garde rien.*serveur peut voir vos mots"
        r".*seuls ses points focaux peuvent l'ouvrir.*historique.*réseau de votre employeur",
    },
    ("erase_leave", "what is sent is sent"): {
        "en": r"leave quickly.*browser history.*cannot take back",
        "fr": r"quitter vite.*historique.*ne peux pas retirer",
    },
    ("receipt_return", "the only way back"): {
        "en": r"24 digits.*nobody can find a lost receipt",
        "fr": r"24 chiffres.*personne ne peut retrouver un reçu perdu",
    },
}


def missing(answers: Answers) -> list[tuple[str, str, str]]:
    """What the answers should say and do not: topic, what, language."""
    return [
        (topic, what, lang)
        for (topic, what), patterns in MUST.items()
        if topic in answers.topics
        for lang in LANGUAGES
        if not re.search(patterns[lang], plain(whole(answers, topic, lang)))
    ]


def test_the_answers_say_what_they_must(answers: Answers) -> None:
    assert {topic for topic, _ in MUST} <= set(answers.topics)
    assert missing(answers) == []


@pytest.mark.parametrize("topic", sorted({topic for topic, _ in MUST}))
def test_an_answer_that_lost_it_is_seen(tmp_path: Path, topic: str) -> None:
    answers = Answers.load(small.write(tmp_path, small.answer(topic)), LANGUAGES)
    expected = {(name, what, lang) for name, what in MUST if name == topic for lang in LANGUAGES}
    assert set(missing(answers)) == expected
