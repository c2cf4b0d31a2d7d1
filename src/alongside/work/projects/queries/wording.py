"""What facts, choices and states of the register are called, in plain words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

type Named = dict[str, str | Promise]

SORTS: Named = {
    "policy": _("Policy"),
    "service": _("Service"),
    "data": _("Data"),
    "technology": _("Technology"),
}
STAGES: Named = {
    "planned": pgettext_lazy("stage of a project", "Planned"),
    "development": pgettext_lazy("stage of a project", "Being made"),
    "pilot": pgettext_lazy("stage of a project", "On trial"),
    "in_use": pgettext_lazy("stage of a project", "In use"),
    "retired": pgettext_lazy("stage of a project", "Ended"),
}
IMPACTS: Named = {
    "high": _("High: it can touch rights, money or safety"),
    "limited": _("Limited"),
}
PERSONAL: Named = {"yes": _("Yes"), "no": _("No")}
ASKED: Named = {
    "asked": _("People were asked"),
    "planned": _("People will be asked"),
    "not_asked": _("Nobody was asked"),
}
CHOICES: dict[str, Named] = {
    "sort": SORTS,
    "stage": STAGES,
    "impact": IMPACTS,
    "personal_data": PERSONAL,
    "asked": ASKED,
}
#: The facts of a project in the order of its page. Its name, its unit and what it is stand above them.
FACTS: Named = {
    "sort": _("Kind"),
    "stage": _("Stage"),
    "impact": _("Impact on people"),
    "communities": _("Whom it touches"),
    "purpose": _("What it is for"),
    "data_used": _("What data it uses"),
    "personal_data": _("Data about persons?"),
    "people_in_data": _("What it knows of people"),
    "vendors": _("Who sells or runs it"),
    "datasets": _("Datasets"),
    "documents": _("Documents"),
    "oversight": _("Who watches over it"),
    "appeal": _("How to object"),
    "asked": _("Was the public asked?"),
    "consultation": _("How the public was asked"),
}
#: What stands above the facts on a page.
CALLED: Named = {"name": _("Name"), "body": _("Body or bureau"), "summary": _("What it is")}
#: Facts with one thing on a line, each with or without an address at its end.
LISTS = ("vendors", "datasets", "documents")
STATES: Named = {
    "new": pgettext_lazy("row of a file", "New"),
    "changed": pgettext_lazy("row of a file", "Changed"),
    "same": pgettext_lazy("row of a file", "The same"),
    "gone": pgettext_lazy("row of a file", "Gone"),
    "wrong": pgettext_lazy("row of a file", "Left out"),
}


def choice(name: str, value: object) -> str:
    """Give what a choice is called; the value itself where it has no name."""
    return str(CHOICES.get(name, {}).get(str(value), value))
