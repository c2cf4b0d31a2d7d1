"""What can be subscribed to of one project: its news as an Atom feed, its dates as iCalendar."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.desks.calendars import Dated, write_calendar
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.programs.models import Program
from alongside.ground.record.labels import called
from alongside.ground.record.queries import EntryView, entry_views, indexes_citing, titles_of
from alongside.ground.record.sentences import about_of, named_in
from alongside.ground.ui.addresses import lang_of, to
from alongside.work.projects.models import Project
from alongside.work.projects.queries import DecisionShown, project_page
from alongside.work.registers.models import Row
from alongside.work.registers.queries import listing_of

ICS = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
#: From a project over decision, promise, finding, ask, answer, commitment, claim, check: nine steps and one to spare.
STEPS = 10
MOST = 2000
SHOWN = 50
#: How a row of a file stands that came in with it.
CAME = ("new", "changed")
UNTOLD = (EntryKind.TEXT_TRANSLATED,)


def news_of(project: Project, lang: str) -> Sequence[EntryView]:
    """Give the newest entries on a project with their words. Twelve queries at most, however much there is."""
    seen, frontier = {project.entry}, {project.entry}
    for _step in range(STEPS):
        rows = indexes_citing(project.program, frontier)
        frontier = {citing for citing, kind, _cited in rows if kind not in UNTOLD} - seen
        if not frontier or len(seen) > MOST:
            break
        seen |= frontier
    newest = sorted(seen | frontier, reverse=True)[:SHOWN]
    return list(entry_views(project.program, newest, lang).values())[::-1]


def project_named(program: Program, slug: str) -> Project | None:
    """Give a project on the record, or None."""
    return Project.objects.filter(program=program, slug=slug).select_related("program").first()


def news_of_row(program: Program, slug: str, lang: str) -> Sequence[EntryView]:
    """Give the entries of the files by which an imported project came in and changed, newest first. Four queries at most."""
    listing = listing_of(program, slug)
    row = listing.row if listing else None
    if row is None:
        return []
    same = Row.objects.filter(
        register=row.register_id, key=row.key, state__in=CAME, came_with__entry__isnull=False
    )
    came = {one for one in same.values_list("came_with__entry", flat=True) if one is not None}
    entries = sorted(came, reverse=True)[:SHOWN]
    return list(entry_views(program, entries, lang).values())[::-1]


def name_of_row(program: Program, slug: str) -> str:
    """Give what an imported project is called, or an empty string. One query."""
    listing = listing_of(program, slug)
    return str(listing.row.facts.get("name", "")) if listing and listing.row else ""


@from_the_record
@open_to(Role.EVERYONE)
def feed(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give what happened on a project, newest first, as an Atom feed."""
    lang, found = lang_of(request), project_named(request.program, slug)
    news = news_of(found, lang) if found else news_of_row(request.program, slug, lang)
    if not news:
        raise Http404
    title = next((one.say("title") for one in news if found and one.index == found.entry), "")
    title = title or name_of_row(request.program, slug) or slug
    here = request.build_absolute_uri(to(request, "projects:project", slug=slug))
    atom = Atom1Feed(
        title=title, link=here, description=title, feed_url=request.build_absolute_uri(), language=lang
    )
    titles = titles_of(request.program, named_in(news), lang)
    for one in news:
        atom.add_item(
            title=called(one.entry),
            link=request.build_absolute_uri(to(request, "record:entry", index=one.index)),
            description=about_of(one, request.pack, lang, titles)[0],
            unique_id=f"{request.program.origin}#{one.index}",
            updateddate=datetime.combine(one.entry.date, time(12), tzinfo=UTC),
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=ATOM)


@from_the_record
@open_to(Role.EVERYONE)
def calendar(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give the decisions on a project, and the days of the engagements on them, as an iCalendar feed."""
    lang = lang_of(request)
    found = or_404(project_page(request.program, lang, slug, request.today))
    dates = [dated for one in found.decisions for dated in _dates(request, slug, one)]
    feed = write_calendar(
        name=found.told.say("title") or slug,
        product="-//Alongside//Project//EN",
        origin=request.program.origin,
        lang=lang,
        dates=dates,
    )
    return HttpResponse(feed, content_type=ICS)


def _dates(request: ViewerRequest, slug: str, point: DecisionShown) -> list[Dated]:
    """Give the day of a decision as it stands now, and the days its engagements promised."""
    href = request.build_absolute_uri(to(request, "projects:decision", slug=slug, decision=point.slug))
    what = _("Decision: %(what)s") % {"what": point.told.say("decision")}
    entered = (point.made or (point.moves[-1] if point.moves else point.told)).entry.date
    open_words = point.told.say("open")
    found = [
        Dated(
            f"decision/{point.told.index}",
            what,
            point.on,
            entered,
            description=open_words,
            href=href,
            changes=len(point.moves) + bool(point.made),
        )
    ]
    for one in point.engagements:
        said, key = {"what": one.told.say("title")}, f"engagement/{one.told.index}"
        its = request.build_absolute_uri(to(request, "engagements:engagement", slug=one.slug))
        closes, back = _("Last day to speak: %(what)s") % said, _("People hear back: %(what)s") % said
        day = one.told.entry.date
        found.append(Dated(f"{key}/closes", closes, one.course.closes, day, href=its))
        found.append(Dated(f"{key}/report-back", back, one.course.report_back, day, href=its))
    return found
