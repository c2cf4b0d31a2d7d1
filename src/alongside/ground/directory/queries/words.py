"""What agencies, ways, categories, papers and steps of the register are called. Lists only, so that no name gets in."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Names = dict[str, str | Promise]

AGENCIES: Names = {
    "immigration": _("An immigration agency"),
    "homeland": _("Another part of Homeland Security"),
    "justice": _("The Department of Justice or the FBI"),
    "delegated": _("Another office acting for an immigration agency"),
    "other": _("Another federal agency"),
    "unclear": _("They did not say"),
}
WAYS: Names = {
    "visit": _("In person"),
    "phone": _("By phone"),
    "mail": _("By mail or email"),
    "system": _("Through a data system"),
    "other": _("Another way"),
}
ASKED: Names = {
    "address": _("An address"),
    "contact": _("Phone, email or social media"),
    "work-school": _("Work or school"),
    "relatives": _("Relatives or people someone knows"),
    "appointments": _("Appointments or hearings"),
    "status": _("Immigration status or country of birth"),
    "voices": _("What people said, or the keys to it"),
    "data": _("A data set, camera or sensor"),
    "access": _("To enter a place that is not open to everyone"),
    "staff": _("Help from staff"),
    "other": _("Something else"),
}
PAPERS: Names = {
    "none": _("No paper"),
    "letter": _("A letter or a form without a signature of a judge"),
    "administrative": _("A subpoena or warrant signed by an agency"),
    "judicial": _("A subpoena, warrant or order signed by a judge"),
    "unclear": _("A paper; we do not know what it is"),
}
IMMIGRATION: Names = {
    "yes": _("Yes"),
    "unclear": _("We do not know"),
    "no": _("No"),
}
STEPS: Names = {
    "declined": _("Declined"),
    "head": _("Handed to the head of the unit"),
    "attorney": _("Handed to the lawyers"),
    "followed": _("Followed, as the lawyers said a judge ordered"),
    "cleared": _("The lawyers let it be counted in public"),
}
