"""Pages made for tests, the printed page itself, and what of a page its document holds."""

from collections import Counter
from pathlib import Path

from competencies.document import StandardDocument, plain
from competencies.page_head import BOILERPLATE

PRINTED = Path(__file__).parent / "pages" / "outsourcing-compounding-pharmacy-technician.txt"
APPROACHES = {"competency": "Competency-Based", "time": "Time-Based", "hybrid": "Hybrid"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def printed_page() -> str:
    return PRINTED.read_text(encoding="utf-8")


def page(*lines: str, sets: int, skills: int, head: tuple[str, ...] = ()) -> str:
    """A small page with `lines` as its skills and titles."""
    start = ("A Trade", "Competency-Based Apprenticeship", *head, f"{sets} skill sets | {skills} total skills")
    return "\n".join((*start, *lines))


def own_lines(text: str) -> Counter[str]:
    """The lines of a page that are the standard's own: without blanks, labels and the site's furniture."""
    lines = (line.strip().replace("\t", " ") for line in text.replace("\r", "\n").replace("\f", "\n").split("\n"))
    return Counter(line for line in lines if line and line not in BOILERPLATE)


def printed_lines(document: StandardDocument) -> Counter[str]:
    """Every line that the document holds, put back into the form in which it was printed."""
    lines = [document.title, document.source, document.onet_code, document.rapids_code]
    lines += [f"{MONTHS[int(day[5:7]) - 1]} {int(day[8:])}, {day[:4]}" for day in document.dates_printed]
    if document.approach:
        lines.append(f"{APPROACHES[document.approach]} Apprenticeship")
    if document.counts_printed:
        sets, skills = document.counts_printed.skill_sets, document.counts_printed.skills
        lines.append(f"{sets} skill sets | {skills} total skills")
    if document.job_hours_min is not None:
        low, high = document.job_hours_min, document.job_hours_max
        lines.append(plain(low) + (f"-{plain(high)}" if high is not None else ""))
    for part in document.skill_sets:
        lines.append(f"{part.title}: {part.role_track}" if part.role_track else part.title)
        lines += [skill.text for skill in part.all_skills()]
    for course in document.courses:
        assert course.required_hours is not None
        lines.append(f"{course.title} - {plain(course.required_hours)} req. hrs")
        lines += [topic.title for topic in course.topics]
    lines += [doubt.text for doubt in document.doubts if not doubt.placed]
    return Counter(line for line in lines if line)
