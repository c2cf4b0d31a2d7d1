"""Pages that cross rooms, below /<program>/<lang>/."""

from django.urls import URLPattern, path

from alongside.desks import (
    about,
    answers_due,
    bureau,
    calendars,
    changes,
    desks,
    done_about_people,
    engagement_rooms,
    handover,
    home,
    news,
    others,
    overview,
    partners,
    people,
    places,
    portfolio,
    project_feeds,
    promised,
    questions,
    search,
    seconds,
    strategies,
    translations,
    what_came_of_it,
    years,
)
from alongside.desks.statements import views as statements

app_name = "desks"


def statement_paths(what: str, at: str) -> list[URLPattern]:
    """Give the addresses of a statement: the latest, and under each signed head a page and its files, which stay."""
    named = {"what": what}
    return [
        path(at, statements.latest, named, name=f"{what}_statement"),
        path(f"{at}<int:size>/", statements.page, named, name=f"{what}_statement_of"),
        *(
            path(
                f"{at}<int:size>/statement.{form}",
                statements.file,
                named | {"form": form},
                name=f"{what}_statement_download_{form}",
            )
            for form in statements.TYPES
        ),
    ]


urlpatterns = [
    path("", home.home, name="home"),
    path("follow/", what_came_of_it.follow, name="follow"),
    path("follow/promised/", promised.promised, name="promised"),
    path("follow/promised.csv", promised.promised_csv, name="promised_csv"),
    path("follow/<int:promise>/", what_came_of_it.thread, name="thread"),
    path("follow/<int:promise>/because.pdf", what_came_of_it.poster, name="because"),
    path("follow/<int:promise>/report.pdf", what_came_of_it.report, name="report_pdf"),
    path("follow/<int:promise>/tell/", what_came_of_it.tell, name="tell"),
    path("past/<slug:slug>/", what_came_of_it.past, name="past"),
    *statement_paths("project", "projects/<slug:slug>/statement/"),
    *statement_paths("past", "past/<slug:slug>/statement/"),
    path("search/", search.search, name="search"),
    path("consultations/<slug:slug>/changes/", changes.changes, name="changes"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:ask>/", questions.question, name="question"),
    path("owed/", answers_due.answers_due, name="owed"),
    path("owed/owed.csv", answers_due.owed_csv, name="owed_csv"),
    path("years/", years.years, name="years"),
    path("years/<int:year>/", years.year, name="year"),
    path("years/<int:year>/report.csv", years.year_csv, name="year_csv"),
    path("seat/seconds/", seconds.seconds, name="seconds"),
    path("seat/portfolio/", portfolio.portfolio, name="portfolio"),
    path("cohort/<slug:slug>/handover/", handover.handover, name="handover"),
    path("translations/", translations.translations, name="translations"),
    path("my-desk/", others.others, name="others"),
    path("engagements/<slug:slug>/room/", engagement_rooms.room, name="engagement_room"),
    path("engagements/<slug:slug>/room/say/", engagement_rooms.say, name="engagement_say"),
    path("engagements/<slug:slug>/room/show/", engagement_rooms.show, name="engagement_show"),
    path("partners/", partners.rooms, name="rooms"),
    path("partners/<slug:what>/<slug:slug>/", partners.room, name="room"),
    path("partners/<slug:what>/<slug:slug>/notes/", partners.notes, name="room_notes"),
    path("partners/<slug:what>/<slug:slug>/tasks/", partners.owe, name="room_owed"),
    path("partners/<slug:what>/<slug:slug>/mark/", partners.mark, name="room_mark"),
    path("partners/<slug:what>/<slug:slug>/level/", partners.level, name="room_level"),
    path("week/", desks.week, name="week"),
    path("seat/listen/", places.listen, name="listen"),
    path("seat/recommend/", places.recommend, name="recommend"),
    path("seat/plan/", places.plan, name="plan"),
    path("seat/me/", places.me, name="me"),
    path("strategies", strategies.strategies, name="strategies"),  # no slash: Django would redirect to one
    path("unit/", bureau.unit, name="unit"),
    path("unit/dates/", bureau.dates, name="dates"),
    path("unit/letters/", bureau.letters, name="letters"),
    path("unit/letters/stop/<str:key>/", bureau.letters_off, name="letters_off"),
    path("steward/", desks.steward, name="steward"),
    path("steward/overview/", overview.health, name="health"),
    path("steward/people/", people.people, name="people"),
    path("acts/", done_about_people.acts, name="acts"),
    path("steward/tasks/", places.tasks, name="tasks"),
    path("projects/<slug:slug>/feed.xml", project_feeds.feed, name="project_feed"),
    path("projects/<slug:slug>/dates.ics", project_feeds.calendar, name="project_calendar"),
    path("calendar.ics", calendars.calendar, name="calendar"),
    path("calendar/<slug:token>.ics", calendars.private_calendar, name="private_calendar"),
    path("news/", news.news, name="news"),
    path("news/link/<slug:token>/", news.confirm, name="news_confirm"),
    path("news/stop/<str:key>/", news.stop, name="news_stop"),
    path("poster/", news.poster, name="poster"),
    path("poster/<slug:slug>/", news.poster, name="question_poster"),
    path("poster/<slug:slug>/<slug:cut>.pdf", news.leaflet, name="leaflet"),
    path("about/keeps/", about.keeps, name="keeps"),
    path("about/promises/", about.promises, name="promises"),
    path("about/accessibility/", about.accessibility, name="accessibility"),
    path("about/software/", about.software, name="software"),
]
