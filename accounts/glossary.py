"""The glossary: the field's own words, each with the plain one that the pages use."""

import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Term:
    """One word of the field: its anchor, the word, other words for it, and what it means."""

    anchor: str
    word: "str | Promise"
    others: "str | Promise"
    meaning: "str | Promise"


def _term(anchor: str, word: Promise, meaning: Promise, others: "str | Promise" = "") -> Term:
    return Term(anchor=slugify(anchor), word=word, others=others, meaning=meaning)


# fmt: off
TERMS: tuple[Term, ...] = (
    _term("apprentice", _("Apprentice"), _("A worker who learns an occupation on the job under a registered agreement, with classes beside it.")),
    _term("agreement", _("Apprenticeship agreement"), _("The signed contract between an apprentice and a sponsor. It fixes the edition of the standard that the apprentice must meet.")),
    _term("approach", _("Approach: time, competency or hybrid"), _("What decides that an apprentice is done: hours worked, skills shown, or both. A program uses one of them at a time.")),
    _term("auditor", _("Auditor"), _("Somebody from an agency or a customer who may read records and check them, and can change nothing.")),
    _term("blue-book", _("Blue book"), _("The log that a New York apprentice keeps of work and classes. Journeybook stands in for it only where the state has approved that for the sponsor.")),
    _term("certificate", _("Certificate of completion"), _("Issued by the registration agency when an apprenticeship is completed. What Journeybook prints is a record of competencies, never this certificate.")),
    _term("classes", _("Classes"), _("The teaching beside the work: related instruction. Class hours and work hours are counted apart."), _("related instruction, RI, RTI, RSI")),
    _term("cohort", _("Cohort"), _("Apprentices who started together and are watched over together.")),
    _term("coordinator", _("Program coordinator"), _("Who runs the program day by day: sees whole cohorts, enters class hours and prepares audits.")),
    _term("counter-signature", _("Needs your OK"), _("The apprentice's own agreement to a sign-off, where the program asks for it. Until it is given, the skill waits."), _("counter-signature")),
    _term("credit", _("Credit"), _("A skill or hours granted at the start for what somebody could do already."), _("credit for previous experience, advanced standing")),
    _term("due-again", _("Due again"), _("The months for which a sign-off holds have run out; the skill has to be shown once more."), _("lapsed, requalification")),
    _term("late-entry", _("Late entry"), _("A signature given so long after the work was shown that the program asks why. The reason is kept with it; paper says only that it was late.")),
    _term("employer", _("Employer"), _("Who employs the apprentice; often not the sponsor. One sponsor may have many employers, and an employer many worksites.")),
    _term("entry", _("Entry"), _("One fact in an apprentice's book, written for good. An entry is never changed; a later one can take it back.")),
    _term("evidence", _("Evidence"), _("A photo or a file that shows the work that a sign-off is about.")),
    _term("from-paper", _("From paper"), _("Signed on paper before: one person copied it, and a second one compared it with the scan. It is no electronic signature of who signed there."), _("transcribed")),
    _term("in-training", _("In training"), _("Rated below the level that counts: the apprentice is being shown the skill or still needs help.")),
    _term("instructor", _("Instructor"), _("Who teaches the classes. Sees only their own classes and the names in them.")),
    _term("level", _("Level"), _("One step of a rating scale, with a sentence that says what it means. From one of the steps on, the skill counts as signed off."), _("rating, proficiency")),
    _term("mentor", _("Mentor"), _("The qualified worker who trains an apprentice, watches the work and signs."), _("journeyworker, journeyman, supervisor, evaluator, assessor")),
    _term("entered-by-mistake", _("Entered by mistake"), _("A signer takes back their own entry soon after making it. Both entries stay in the book."), _("undo")),
    _term("no-longer-stands", _("No longer stands"), _("A sign-off was taken back for a reason that is written beside it. Both entries stay in the book."), _("revoked")),
    _term("onet", _("O*NET-SOC code"), _("The number of an occupation in the federal list of occupations, such as 29-2052.00. It may be blank.")),
    _term("ojt", _("On-the-job hours"), _("Hours of learning at work, under supervision. They are counted apart from class hours."), _("on-the-job training, OJT, on-the-job learning, OJL")),
    _term("probation", _("Probation"), _("The first part of an apprentice's term, in which either side may end the agreement.")),
    _term("program", _("Program"), _("A sponsor's plan for one occupation, registered with a registration agency."), _("registered apprenticeship program, RAP")),
    _term("rapids", _("RAPIDS code"), _("The number of an occupation in the federal database of apprenticeships, such as 0844. It may be blank.")),
    _term("ratio", _("Ratio"), _("How many apprentices may work at a site for each fully qualified worker.")),
    _term("record", _("Record"), _("All entries about one apprenticeship, in the order in which they were made: the apprentice's book.")),
    _term("record-code", _("Record code"), _("The short code on a printed record by which anybody can check that it is genuine and current."), _("head hash")),
    _term("registration-agency", _("Registration agency"), _("The state or federal office that registers programs, such as the New York State Department of Labor.")),
    _term("role-track", _("Role track"), _("The job within the occupation to which a skill set belongs, such as Claims Processing Technician.")),
    _term("signed-off", _("Signed off"), _("A mentor signed that the apprentice shows the skill at the level that counts, and the signature stands."), _("attained")),
    _term("sign-off", _("Sign-off"), _("A mentor's signature on one skill: who, when, at which level, and how it was seen."), _("granting a competency")),
    _term("skill", _("Skill"), _("One thing to be able to do. Some skills have steps; each step is signed as well."), _("competency, job function")),
    _term("skill-set", _("Skill set"), _("A group of skills that belong together."), _("work process, competency area")),
    _term("sponsor", _("Sponsor"), _("Who runs a program and in whose name it is registered: an employer, a joint committee, an association or a college.")),
    _term("standard", _("Standard"), _("The published list of all skills, classes and hours of an occupation. It comes in numbered editions; an edition never changes."), _("standards of apprenticeship, Appendix A, work process schedule")),
    _term("station", _("Station"), _("A device that many people share at one worksite. Each signs on it with a PIN of their own, one act at a time."), _("shared tablet")),
    _term("topic", _("Topic"), _("A part of the classes with a subject of its own, such as First Aid and CPR. Some topics have a least number of hours.")),
    _term("test", _("Test result"), _("The outcome of a hands-on or written test by a qualified outsider. A fact of its own beside the mentor's sign-off."), _("third-party test")),
    _term("verification", _("Verification"), _("The sponsor's signature under a skill set or the whole record. A third act beside sign-off and counter-signature."), _("certification")),
    _term("waiting", _("Waiting"), _("Somebody has to answer first: the mentor who was asked, or the apprentice whose OK is needed.")),
    _term("worksite", _("Worksite"), _("The place where the work is done.")),
)
# fmt: on


def find(query: str) -> list[Term]:
    """The terms, in the order of the reader's language, that hold every word of `query` (accents and case aside)."""
    wanted = _plain(query).split()
    found = [t for t in TERMS if all(word in _plain(f"{t.word} {t.others} {t.meaning}") for word in wanted)]
    return sorted(found, key=lambda t: _plain(str(t.word)))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
