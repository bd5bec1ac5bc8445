"""Bringing people in: one or thousands, each with an account, roles and an invitation. The single act is the bulk act.

A mail address that another sponsor's person has must not show: nothing that is asked or written depends on it but
the account to which the new roles point (docs/decisions/0130-who-has-an-account-elsewhere-does-not-show.md).
"""

import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import randbelow, token_hex

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.invitations import new_invitation, write
from accounts.models import Closure, Invitation, Membership, Sponsor, User
from accounts.roles import NewRole, require_to_give
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_events
from acts.models import Act
from acts.statements import insert

MOST_PEOPLE = 2_000
LONGEST_NAME = 120


@dataclass(frozen=True)
class NewPerson:
    """Somebody to bring in, as a coordinator knows them. Without `email` their link is handed over by other ways."""

    name: str
    email: str
    roles: tuple[NewRole, ...]
    language: str = ""


@dataclass(frozen=True)
class Brought:
    """What became of one NewPerson: whose roles they are now, and the invitation, if one was made.

    `is_new` is False for somebody whom this sponsor knew before; what they had stayed as it was.
    """

    person: User
    is_new: bool
    given: tuple[Membership, ...]
    invitation: Invitation | None = None


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with one of the people: which one, from 0, the field, and what to do."""

    place: int
    field: str
    message: str


class PeopleInvalid(Exception):
    """Wrong input: all that is wrong. The edge answers 400; nothing is stored."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__(wrong[0].message)
        self.wrong = wrong


def tidy(person: NewPerson) -> NewPerson:
    """The same person with the spaces of a spreadsheet taken out; mail addresses are lower case."""
    name = " ".join(person.name.split())
    return NewPerson(name, person.email.strip().lower(), person.roles, person.language)


def invite(*, viewer: Viewer, key: str, sponsor: Sponsor, person: NewPerson) -> Brought:
    """Bring in one person, as an act of its own. Raises NotPermitted, KeyReused, PeopleInvalid."""
    person = tidy(person)
    with transaction.atomic():
        require_to_give(viewer, sponsor, [one.role for one in person.roles])
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="invite",
            request={"sponsor": str(sponsor.pk), "person": _as_asked(person)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return _again(begun.act)
        (brought,) = bring_in([person], viewer=viewer, sponsor=sponsor, act=begun.act)
        made = [brought.invitation.pk] if brought.invitation else []
        finish_act(begun.act, [brought.person.pk, *made])
        return brought


def _as_asked(person: NewPerson) -> dict[str, object]:
    roles = [[one.role, one.since.isoformat(), one.until.isoformat() if one.until else None] for one in person.roles]
    return {"name": person.name, "email": person.email, "language": person.language, "roles": roles}


def _again(act: Act) -> Brought:
    """The answer of an act that was done before."""
    person_id, *made = (uuid.UUID(result) for result in act.result_ids)
    invitation = Invitation.objects.get(pk=made[0]) if made else None
    return Brought(User.objects.get(pk=person_id), bool(made), (), invitation)


def bring_in(people: Sequence[NewPerson], *, viewer: Viewer, sponsor: Sponsor, act: Act | None) -> list[Brought]:
    """An account, roles and an invitation for each of `people`, in their order, within the caller's transaction.

    At most 2,000 in the same few statements as one. Whoever `sponsor` knows by mail address and name already is
    given the roles that they don't hold yet, and nothing else: the same people twice change nothing. Roles wait
    for the acceptance of the invitation. `viewer` may be the operator of a command, who asks no permission.
    Raises NotPermitted and PeopleInvalid before anything is written.
    """
    people = [tidy(one) for one in people]
    if viewer.user is not None:
        require_to_give(viewer, sponsor, [new.role for one in people for new in one.roles])
    # The same address from two at once is one person. No-key: rows that point at the sponsor are written meanwhile.
    Sponsor.objects.select_for_update(no_key=True).get(pk=sponsor.pk)
    known = known_by_mail([one.email for one in people], sponsor)
    if wrong := _all_wrong(people, known, sponsor):
        raise PeopleInvalid(wrong)
    names = sign_in_names([one.name for one in people])
    elsewhere = _elsewhere(people)
    found = [_found(one, known, elsewhere) for one in people]
    persons = [before or _account(one, name) for one, before, name in zip(people, found, names, strict=True)]
    insert([person for person, before in zip(persons, found, strict=True) if before is None])
    given = _give_missing(people, persons, sponsor)
    invitations = {
        person.pk: new_invitation(
            person=person, sponsor=sponsor, name=one.name, email=one.email, language=one.language, by=viewer
        )
        for one, person in zip(people, persons, strict=True)
        if one.email not in known
    }
    write(list(invitations.values()), act=act)
    _tell(viewer, sponsor, persons, given, invitations)
    return [
        Brought(person, person.pk in invitations, tuple(given[place]), invitations.get(person.pk))
        for place, person in enumerate(persons)
    ]


def check(people: Sequence[NewPerson], *, sponsor: Sponsor) -> list[Wrong]:
    """All that `bring_in` would refuse of `people`, in their order: for a dry run. Writes nothing."""
    people = [tidy(one) for one in people]
    return _all_wrong(people, known_by_mail([one.email for one in people], sponsor), sponsor)


# ------------------------------------------------------------------ what is wrong


def _all_wrong(
    people: Sequence[NewPerson], known: Mapping[str, tuple[User, set[str]]], sponsor: Sponsor
) -> list[Wrong]:
    """All that is wrong, in the order of the people."""
    wrong = [*_wrong(people), *_of_another_name(people, known), *_closed(people, known, sponsor)]
    return sorted(wrong, key=lambda one: one.place)


def _closed(
    people: Sequence[NewPerson], known: Mapping[str, tuple[User, set[str]]], sponsor: Sponsor
) -> Iterable[Wrong]:
    persons = {person.pk for person, _names in known.values()}
    rows = Closure.objects.filter(sponsor=sponsor, person__in=persons, reopened_at=None)
    closed = set(rows.values_list("person", flat=True))
    for place, one in enumerate(people):
        if one.email in known and known[one.email][0].pk in closed:
            yield Wrong(place, "email", _("The account with this mail address is closed. Open it again first."))


def _wrong(people: Sequence[NewPerson]) -> Iterable[Wrong]:
    seen: dict[str, int] = {}
    if len(people) > MOST_PEOPLE:
        yield Wrong(MOST_PEOPLE, "name", _("At most %(most)s people at once.") % {"most": MOST_PEOPLE})
    for place, one in enumerate(people):
        if not one.name or len(one.name) > LONGEST_NAME or not one.name.isprintable():
            yield Wrong(place, "name", _("Enter the name, at most 120 letters."))
        if one.email and not _is_address(one.email):
            yield Wrong(place, "email", _("This is no mail address. Correct it, or leave it blank."))
        if one.email and one.email in seen:
            yield Wrong(place, "email", _("This mail address stands here twice. Each person needs their own."))
        seen.setdefault(one.email, place)
        if one.language and one.language not in dict(settings.LANGUAGES):
            yield Wrong(place, "language", _("Choose one of the languages."))
        yield from _wrong_roles(place, one.roles)


def _wrong_roles(place: int, roles: Sequence[NewRole]) -> Iterable[Wrong]:
    if not roles:
        yield Wrong(place, "role", _("Choose a role."))
    for number, new in enumerate(roles):
        if wrong := new.wrong:
            yield Wrong(place, *wrong)
        elif any(new.overlaps(other) for other in roles[:number]):
            yield Wrong(place, "role", _("The same role stands here twice for the same days."))


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254


def _of_another_name(people: Sequence[NewPerson], known: Mapping[str, tuple[User, set[str]]]) -> Iterable[Wrong]:
    for place, one in enumerate(people):
        if one.email and one.email in known and one.name not in known[one.email][1]:
            name = sorted(known[one.email][1])[0]
            yield Wrong(
                place,
                "email",
                _("%(name)s has this mail address with you. Use that name, or another address.") % {"name": name},
            )


# ------------------------------------------------------------------ who they are


def known_by_mail(mails: Iterable[str], sponsor: Sponsor) -> dict[str, tuple[User, set[str]]]:
    """Those whom `sponsor` knows by one of these mail addresses, with the names that it knows them by. Two queries.

    An address is known by an invitation, or is that of somebody who has come; never by an account elsewhere.
    """
    mails = set(mails) - {""}
    known: dict[str, tuple[User, set[str]]] = {}
    invited = Invitation.objects.filter(sponsor=sponsor, email__in=mails).select_related("person").order_by("made_at")
    for row in invited:
        names = known.get(row.email, (row.person, set[str]()))[1] | {row.name}
        known[row.email] = (row.person, names)
    here = Membership.objects.filter(sponsor=sponsor, pending=False, user__email__in=mails).select_related("user")
    for person in {one.user_id: one.user for one in here}.values():
        names = known.get(person.email, (person, set[str]()))[1] | {person.name}
        known[person.email] = (person, names)
    return known


def _elsewhere(people: Sequence[NewPerson]) -> dict[tuple[str, str], User]:
    """Open accounts by mail address and name. Asked for everybody, whether or not `sponsor` knows them. One query."""
    mails = {one.email for one in people} - {""}
    return {(user.email, user.name): user for user in User.objects.filter(email__in=mails, is_active=True)}


def _found(
    person: NewPerson, known: Mapping[str, tuple[User, set[str]]], elsewhere: Mapping[tuple[str, str], User]
) -> User | None:
    """The account that this person has already.

    One elsewhere only where the name is the same to the letter: the sponsor would else read there a name that
    it did not type.
    """
    if not person.email:
        return None
    if person.email in known:
        return known[person.email][0]
    return elsewhere.get((person.email, person.name))


def _account(person: NewPerson, username: str) -> User:
    """An account into which nobody can log in. It gets the mail address only when its person accepts."""
    password = UNUSABLE_PASSWORD_PREFIX + token_hex(20)  # as set_unusable_password does, which draws sign by sign
    return User(username=username, name=person.name, language=person.language, password=password)


def sign_in_names(names: Sequence[str]) -> list[str]:
    """A free sign-in name for each of `names`, made of its first and last word: "maria.alvarez". One query."""
    plain = [_plain(name) for name in names]
    taken = set(User.objects.filter(username__in=set(plain)).values_list("username", flat=True))
    free = []
    for base in plain:
        name = base
        while name in taken:
            name = f"{base}.{randbelow(90_000) + 10_000}"
        taken.add(name)
        free.append(name)
    return free


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", letters)
    return ".".join(dict.fromkeys([*words[:1], *words[-1:]]))[:40].strip(".") or "person"


# ------------------------------------------------------------------ what is written


def _give_missing(
    people: Sequence[NewPerson], persons: Sequence[User], sponsor: Sponsor
) -> Mapping[int, list[Membership]]:
    """The roles that they don't hold yet, written at once; by the place in the list. One query, one statement."""
    held = defaultdict[uuid.UUID, list[Membership]](list)
    for row in Membership.objects.filter(sponsor=sponsor, user__in=persons):
        held[row.user_id].append(row)
    given: dict[int, list[Membership]] = {place: [] for place in range(len(people))}
    for place, (one, person) in enumerate(zip(people, persons, strict=True)):
        waits = all(row.pending for row in held[person.pk])
        for new in one.roles:
            if not any(new.overlaps(row) for row in held[person.pk]):
                row = Membership(
                    user=person, sponsor=sponsor, role=new.role, since=new.since, until=new.until, pending=waits
                )
                given[place].append(row)
                held[person.pk].append(row)
    rows = [row for rows in given.values() for row in rows]
    for start in range(0, len(rows), MOST_PEOPLE):  # a statement of SQLite takes about 30,000 values
        insert(rows[start : start + MOST_PEOPLE])
    return given


def _tell(
    viewer: Viewer,
    sponsor: Sponsor,
    persons: Sequence[User],
    given: Mapping[int, list[Membership]],
    invitations: Mapping[uuid.UUID, Invitation],
) -> None:
    told = [
        (
            f"user:{person.pk}",
            {
                "roles": [row.role for row in given[place]],
                "invitation": str(invitations[person.pk].pk) if person.pk in invitations else None,
            },
        )
        for place, person in enumerate(persons)
        if given[place] or person.pk in invitations
    ]
    note_events("brought_in", told, at=viewer.at, actor_id=viewer.user_id, sponsor_id=sponsor.pk)
