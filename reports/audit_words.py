"""The words for what the audit log tells of: one for each kind of event, by the groups that its filter offers."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, "str | Promise"]

SIGN_INS: Words = {
    "login": _("Logged in"),
    "passkey_added": _("Added a passkey"),
    "passkey_removed": _("Removed a passkey"),
    "pin_set": _("Set the signing PIN"),
    "pin_changed": _("Changed the signing PIN"),
    "pin_wrong": _("Wrong signing PIN"),
    "personal_mail_asked": _("Asked to confirm a personal mail address"),
    "personal_mail_set": _("Confirmed a personal mail address"),
    "personal_mail_removed": _("Removed the personal mail address"),
    "signature_accepted": _("Accepted the electronic signature"),
    "station_turn": _("Took a turn at a shared device"),
}
PEOPLE: Words = {
    "brought_in": _("Brought in"),
    "apprentice_registered": _("Apprentice registered"),
    "invitation_made": _("Invitation made"),
    "invitation_link_shown": _("Invitation link shown"),
    "invitation_withdrawn": _("Invitation withdrawn"),
    "invitation_accepted": _("Invitation accepted"),
    "identity_confirmed": _("Identity confirmed"),
    "role_given": _("Role given"),
    "role_ended": _("Role ended"),
    "account_closed": _("Account closed"),
    "account_reopened": _("Account opened again"),
    "mentors_assigned": _("Mentors assigned"),
    "mentorships_ended": _("Mentors ended"),
    "mentorships_handed_over": _("Apprentices handed over"),
    "qualification_added": _("Qualification entered"),
    "qualification_ended": _("Qualification ended"),
}
SETTINGS: Words = {
    "sponsor_made": _("Sponsor made"),
    "sponsor_profile_set": _("Sponsor profile changed"),
    "sponsor_logo_set": _("Logo changed"),
    "signing_policy_set": _("Signing policy set"),
    "daily_cap_set": _("Hours a day set"),
    "employer_added": _("Employer added"),
    "employer_changed": _("Employer changed"),
    "employer_archived": _("Employer archived"),
    "employer_brought_back": _("Employer brought back"),
    "worksite_added": _("Worksite added"),
    "worksite_changed": _("Worksite changed"),
    "worksite_archived": _("Worksite archived"),
    "worksite_brought_back": _("Worksite brought back"),
    "program_added": _("Program added"),
    "program_changed": _("Program changed"),
    "terms_drafted": _("Terms drafted"),
    "terms_changed": _("Terms changed"),
    "terms_put_in_force": _("Terms put in force"),
    "terms_back_to_draft": _("Terms taken back to a draft"),
    "station_registered": _("Shared device registered"),
    "station_renamed": _("Shared device renamed"),
    "station_revoked": _("Shared device revoked"),
    "token_made": _("Access token made"),
    "token_revoked": _("Access token revoked"),
    "calendar_renewed": _("Calendar address renewed"),
    "calendar_switched_off": _("Calendar address switched off"),
}
PROGRAM: Words = {
    "cohort_added": _("Cohort added"),
    "cohort_changed": _("Cohort changed"),
    "cohort_archived": _("Cohort archived"),
    "cohort_brought_back": _("Cohort brought back"),
    "cohort_moved": _("Moved to another cohort"),
    "classes_planned": _("Classes planned"),
    "class_edited": _("Class changed"),
    "class_cancelled": _("Class cancelled"),
    "journeyworkers_counted": _("Journeyworkers counted"),
    "agency_told": _("Agency told"),
    "completion_prepared": _("Completion prepared"),
}
GROUPS: dict[str, tuple["str | Promise", Words]] = {
    "people": (_("People and roles"), PEOPLE),
    "settings": (_("Settings"), SETTINGS),
    "program": (_("Cohorts and classes"), PROGRAM),
    "sign_ins": (_("Signing in"), SIGN_INS),
}


def words_of(kind: str) -> str:
    """What an event says; of a kind that came later, its code in words."""
    return next(
        (str(words[kind]) for _title, words in GROUPS.values() if kind in words), kind.replace("_", " ").capitalize()
    )
