"""Sentences that no answer may ever say, as patterns, each with examples it has to catch.

A trap is searched in every text of its language, in lower case, with plain spaces and straight
apostrophes, so that typography cannot hide anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policy import Answers
from tests.policy.said import Said, everything


@dataclass(frozen=True, slots=True)
class Trap:
    """Patterns and examples, one of each for every language."""

    patterns: Mapping[str, str]
    examples: Mapping[str, tuple[str, ...]]
    places: tuple[str, ...] = ("title", "message", "source")

    def caught(self, answers: Answers) -> Iterator[Said]:
        """Every text that falls into the trap."""
        for said in everything(answers):
            if said.place in self.places and re.search(self.patterns[said.lang], plain(said.text)):
                yield said


def plain(text: str) -> str:
    """Lower case, plain spaces, straight apostrophes."""
    return re.sub(r"\s+", " ", text.lower().replace("’", "'"))


_PARAGRAPH = (
    r"§|\b(para|paragraphs?|paragraphes?|sections?|articles?|alinéas?|clauses?|points?|ch?apters?"
    r"|chapitres?|annexe?s?)\.? ?(n[o°]\.? ?)?(\d|[ivx]+\b)"
)
_CONTACT = (
    r"https?:|www\.|\b[\w-]+\.(org|int|com|net|info|html?|legal|un)\b|\S@\S|\+ ?\d"
    r"|\b\d{3}[ .-]\d{3}[ .-]?\d|\b\d{4}-\d{4}\b(?<!2020-2021)|\b\d{2}([ .]\d{2}){3}"
)
_NAME = (
    r"\b(clements|bhatia|lopez|guterres|beagle|pehrman|kanem|grandi|swing|akhtar)\b"
    r"|\b(mr|ms|mrs|mme|h\.e|s\.e)\. "
)

TRAPS: dict[str, Trap] = {
    "the Model Policy binds nobody": Trap(
        {
            "en": r"model policy (binds|obliges|requires|applies|forbids|gives you|says that you)",
            "fr": r"politique type (vous |s'applique|exige|impose|interdit|oblige)",
        },
        {
            "en": ("The Model Policy binds you.", "The Model Policy applies everywhere."),
            "fr": ("La Politique type vous engage.", "La Politique type s’applique à tous."),
        },
    ),
    "a survey answer is no report": Trap(
        {
            "en": r"(survey|answers?)[^.]*( is| are| counts? as) (also )?a report\b"
            r"|survey[^.]*(will|can) be (investigated|acted on|followed up)"
            r"|(we|they|someone|somebody|the task force) will act on",
            "fr": r"(enquête|réponses?)[^.]* (est|vaut|sont) (aussi )?un signalement"
            r"|(nous|quelqu'un|l'équipe spéciale) (agira|agirons|donnera suite)"
            r"|enquête[^.]*sera suivie",
        },
        {
            "en": (
                "A survey answer is also a report.",
                "Someone will act on what you answer.",
                "What you say in the survey will be investigated.",
            ),
            "fr": (
                "Une réponse à l’enquête vaut un signalement.",
                "Quelqu’un agira pour vous.",
            ),
        },
    ),
    "an investigation may go on without her": Trap(
        {
            "en": r"you (can|may) (always |still )?(stop|withdraw|end|cancel) "
            r"(it|your report|a report|the (report|process|investigation|case))"
            r"|nothing (happens|will happen|is done|starts) without your"
            r"|only (goes|go) (on|ahead) (if|when) you (agree|want)",
            "fr": r"vous pouvez (toujours |encore )?(arrêter|retirer|annuler) "
            r"(la|l'|le|votre) ?(procédure|enquête|signalement|affaire)"
            r"|rien ne (se fera|commencera|se fait|sera fait) sans votre",
        },
        {
            "en": (
                "You can always stop the investigation.",
                "You may withdraw your report later.",
                "Nothing will happen without your consent.",
            ),
            "fr": (
                "Vous pouvez toujours arrêter la procédure.",
                "Rien ne se fera sans votre accord.",
            ),
        },
    ),
    "no deadline is given, nor denied": Trap(
        {
            "en": r"\b(within|after|before|in|have|at least|up to) "
            r"(a|an|one|two|three|four|six|thirty|forty-five|sixty|ninety|\d+) "
            r"(working )?(day|week|month|year)s?\b"
            r"|(?<!assuming )you are (too late|in time|still in time)"
            r"|there is no (deadline|time limit)|no organization has a deadline",
            "fr": r"\b(dans|sous|avant|après|d'ici|avez|jusqu'à|pendant) "
            r"(un|une|deux|trois|quatre|six|trente|quarante-cinq|soixante|\d+) "
            r"(jour|semaine|mois|an)s?\b"
            r"|(?<!penser qu')il est trop tard|(?<!ou que )vous avez (encore )?le temps"
            r"|il n'y a (pas de|aucun) délai|aucune organisation n'a de délai",
        },
        {
            "en": (
                "You have six months to report.",
                "Report within 60 days.",
                "You are too late.",
                "There is no deadline.",
            ),
            "fr": (
                "Vous avez six mois pour signaler.",
                "Il faut agir dans 60 jours.",
                "Il est trop tard.",
                "Il n’y a pas de délai.",
            ),
        },
    ),
    "nothing is perfectly anonymous or secret": Trap(
        {
            "en": r"(completely|fully|totally|absolutely|truly|entirely|perfectly|100 ?%|always) "
            r"(anonymous|confidential|private|safe|secret)"
            r"|(nobody|no one) (will|can|could) (ever )?(know|find out|learn|trace|identify|guess)"
            r"|untraceable|(stays?|remains?|kept|is) secret|cannot be (traced|identified)"
            r"|will never (know|be told|learn|find out)",
            "fr": r"(totalement|entièrement|complètement|absolument|parfaitement|toujours) "
            r"(anonyme|confidentiel|sûr|secret|privé)"
            r"|personne ne (saura|pourra savoir|le saura|l'apprendra|peut savoir|devinera)"
            r"|intraçable|(reste|restera|gardé|est) secr[eè]t|ne saura jamais",
        },
        {
            "en": (
                "This is completely anonymous.",
                "No one will ever find out.",
                "Your report stays secret.",
                "Your boss will never know.",
            ),
            "fr": (
                "C’est totalement anonyme.",
                "Personne ne saura.",
                "Votre signalement reste secret.",
            ),
        },
    ),
    "no outcome is promised": Trap(
        {
            "en": r"guarant|promis(e|es|ed|ing)\b|assure you|justice will|everything will be"
            r"|\b(certainly|definitely|surely)\b"
            r"|will (not )?(be |get |lose )?(\w+ly )?(be )?"
            r"(punish|fired|dismiss|sack|sanction|removed|lose|believed|protected|convict)"
            r"|you will be (safe|fine|heard|informed)",
            "fr": r"garanti|promet|promesse|\bpromis|vous assur|justice sera|tout ira bien"
            r"|certainement|assurément|à coup sûr"
            r"|(sera|serez|seront) (\w+ )?"
            r"(puni|sanctionn|licenci|renvoy|exclu|cru|protég|condamn|inform|entendu)",
        },
        {
            "en": (
                "We guarantee a fair result.",
                "The person will be punished.",
                "He will surely be dismissed.",
                "You will be believed.",
                "I promise that it helps.",
            ),
            "fr": (
                "Le résultat est garanti.",
                "La personne sera punie.",
                "Elle sera sûrement licenciée.",
                "Vous serez crue.",
                "C’est promis.",
            ),
        },
    ),
    "no time is promised": Trap(
        {
            "en": r"(will|should) (be|get|hear|have) [^.]*\b(quickly|soon|promptly|shortly)\b"
            r"|takes? (about |around |up to )?(\d+|a few|some|two|three|six) (day|week|month)s"
            r"|\bwill take\b",
            "fr": r"(sera|seront|aurez|recevrez)[^.]*\b(vite|rapidement|bientôt|sous peu)\b"
            r"|(prend|prendra|dure|durera) (environ |souvent )?"
            r"(\d+|quelques|deux|trois|six) (jour|semaine|mois)",
        },
        {
            "en": ("You will hear from them soon.", "It takes about three months."),
            "fr": ("Vous aurez bientôt une réponse.", "Cela prend environ trois mois."),
        },
    ),
    "nobody is told to report": Trap(
        {
            "en": r"\byou (must|should|shall|ought to|have to|need to|had better"
            r"|are (obliged|required|expected|supposed|bound) to) "
            r"(\w+ )?(report|file|tell|come forward|speak up|complain|go to the police)"
            r"|\b(it is |is )?your duty|please report"
            r"|report (it )?(now|today|at once|immediately|right away)",
            "fr": r"\bvous (devez|devriez|êtes (tenu|obligé|censé)|avez (l'obligation|le devoir))"
            r"[^.]{0,14}(signaler|dénoncer|porter plainte|parler|témoigner)"
            r"|\bil faut (que vous )?(le )?(signal|dénonc|port)|votre devoir"
            r"|signalez(-le)? (tout de suite|maintenant|aujourd'hui|immédiatement)",
        },
        {
            "en": (
                "You must report this.",
                "You should also tell your manager.",
                "It is your duty.",
                "You are required to report it.",
            ),
            "fr": (
                "Vous devez le signaler.",
                "Il faut signaler les faits.",
                "Vous êtes tenue de signaler.",
                "C’est votre devoir.",
            ),
        },
    ),
    "nobody is asked why": Trap(
        {
            "en": r"\bwhy\b|how come|what made you|for what reason",
            "fr": r"\bpourquoi\b|pour quelle raison|qu'est-ce qui vous a",
        },
        {
            "en": ("Why did you wait so long.", "How come you said nothing."),
            "fr": ("Pourquoi avoir attendu.", "Pour quelle raison."),
        },
    ),
    "no answer asks a question": Trap(
        {"en": r"\?", "fr": r"\?"},
        {"en": ("Do you want to go on?",), "fr": ("Voulez-vous continuer ?",)},
        places=("message",),
    ),
    "nobody is blamed": Trap(
        {
            "en": r"\b(you|they) (should|could|might|ought to) (not )?have\b|you failed to"
            r"|(?<!not )\byour (own )?fault|to blame\b|provok|asked for it|overreact"
            r"|too sensitive|misunderst|led (him|her|them) on",
            "fr": r"vous auriez (dû|pu)|vous n'auriez pas|(?<!pas )votre (propre )?faute"
            r"|provoqu|réaction excessive|trop sensible|malentendu|bien cherché",
        },
        {
            "en": ("You should have said no.", "It was your own fault.", "You are too sensitive."),
            "fr": ("Vous auriez dû dire non.", "C’est votre faute.", "Vous êtes trop sensible."),
        },
    ),
    "no paragraph is quoted": Trap(
        {"en": _PARAGRAPH, "fr": _PARAGRAPH},
        {
            "en": ("See paragraph 12.", "Section 4 says so.", "This is in para. 7.", "Cf. § 3."),
            "fr": ("Voir le paragraphe 12.", "L’article 4 le dit.", "Voir l’alinéa 2."),
        },
    ),
    "no contact is given": Trap(
        {"en": _CONTACT, "fr": _CONTACT},
        {
            "en": (
                "Write to help@example.org.",
                "See https://example.org/x.",
                "See example.int.",
                "Call 917-555-0123.",
            ),
            "fr": (
                "Écrivez à aide@example.org.",
                "Appelez le +41 22 555 01 23.",
                "Appelez le 01 55 55 01 23.",
            ),
        },
    ),
    "nobody is named": Trap(
        {"en": _NAME, "fr": _NAME},
        {"en": ("Ask Mr. Smith.",), "fr": ("Voyez Mme. Dupont.", "Selon M. Guterres.")},
    ),
    "two different wrongs stay apart": Trap(
        {
            "en": r"exploitation,? (and|or|/) abuse of|\bsea,? (and|or|of|/) (abuse of )?authority"
            r"|abuse of authority \(sea\)",
            "fr": r"exploitation,? (et|ou) (l'|d')?abus (d'autorité|de pouvoir)"
            r"|\beas (et|ou|d') ?(abus d')?autorité",
        },
        {
            "en": ("This is sexual exploitation and abuse of authority.", "SEA of authority."),
            "fr": ("C’est l’exploitation et l’abus d’autorité.",),
        },
    ),
    "whether anyone was reported is never said": Trap(
        {
            "en": r"(?<!whether )(?<!if )\b(anyone|someone|somebody|nobody|no one|you|he|she|they"
            r"|your boss|(this|that|the) person) (has|have|had|was|were)( \w+)?( \w+)? reported\b"
            r"|there (is|are|was|were) (\w+ )?(a|an|no|another|other|several|many) "
            r"(other )?(report|complaint)s? (about|against|on)"
            r"|(is|are|was) (listed |entered )?in clearcheck",
            "fr": r"(?<!si )\b(quelqu'un|personne|il|elle|on|vous|cette personne|votre chef) "
            r"(a|n'a|avez|ont)( \w+)? été signalé"
            r"|il (y a|n'y a|existe) (\w+ )?(un|une|des|pas de|aucun|d'autres|plusieurs) ?"
            r"(autres )?(signalement|plainte)s? (sur|contre|visant|concernant)"
            r"|(est|figure) dans clearcheck",
        },
        {
            "en": (
                "That person has already been reported.",
                "Nobody has been reported.",
                "There are other reports about this person.",
                "She is listed in ClearCheck.",
            ),
            "fr": (
                "Cette personne a déjà été signalée.",
                "Il y a d’autres signalements contre votre chef.",
                "Elle figure dans ClearCheck.",
            ),
        },
    ),
    "no verdict is given": Trap(
        {
            "en": r"\b(this|that|it|what happened( to you)?|what you describe) "
            r"(is|was|sounds like|looks like|seems( like)?)( not| \w+ly)? (sexual )?harassment"
            r"|you (were|have been|are being|are) (\w+ )?(harassed|abused|a victim)",
            "fr": r"(c'est|c'était|ce n'est pas|il s'agit|cela ressemble à|vous décrivez est)"
            r"( bien| clairement)? (du|de|un) harcèlement"
            r"|vous (êtes|avez été|étiez) (victime|harcelé)",
        },
        {
            "en": (
                "What happened to you was sexual harassment.",
                "That is not harassment.",
                "You were harassed.",
            ),
            "fr": (
                "C’est bien du harcèlement sexuel.",
                "Ce n’est pas du harcèlement.",
                "Vous êtes victime.",
            ),
        },
    ),
    "errors of old documents are not copied": Trap(
        {
            "en": r"workstream|(set up|created|established)[^.]*2018[^.]*task force"
            r"|task force[^.]*(set up|created|established)[^.]*2018",
            "fr": r"\bvolets? \d|(créée|établie|mise en place)[^.]*2018[^.]*équipe spéciale"
            r"|équipe spéciale[^.]*(créée|établie|mise en place)[^.]*2018",
        },
        {
            "en": ("The Task Force was created in November 2018.", "Ask Workstream 3."),
            "fr": ("L’Équipe spéciale a été créée en novembre 2018.",),
        },
    ),
}
