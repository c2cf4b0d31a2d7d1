"""What can be subscribed to of one project: its news as an Atom feed, its dates as iCalendar."""

from datetime import UTC, datetime, time

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from alongside.desks.feeds import Dated, write_calendar
from alongside.desks.queries.project_news import name_of_row, news_of, news_of_row, project_named
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.record.labels import KINDS
from alongside.ground.record.queries import titles_of
from alongside.ground.record.sentences import about_of, named_in
from alongside.ground.ui.addresses import lang_of, to
from alongside.work.projects.queries import DecisionShown, project_page

ICS = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"


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
            title=str(KINDS[one.entry.kind]),
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
    found = project_page(request.program, lang, slug, request.today)
    if found is None:
        raise Http404
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
