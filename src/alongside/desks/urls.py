"""Pages that cross rooms, below /<program>/<lang>/."""

from django.urls import URLPattern, path

from alongside.desks import (
    calendars,
    changing,
    handing,
    owing,
    plain,
    portfolio,
    project_feeds,
    questioning,
    searching,
    strategies,
    translating,
    views,
    years,
)
from alongside.desks.statements import views as statements

app_name = "desks"


def statement_paths(what: str, at: str) -> list[URLPattern]:
    """Give the addresses of a statement: the latest, and under each signed head a page and its files, which stay."""
    about = {"what": what}
    return [
        path(at, statements.latest, about, name=f"{what}_statement"),
        path(f"{at}<int:size>/", statements.page, about, name=f"{what}_statement_of"),
        *(
            path(
                f"{at}<int:size>/statement.{form}",
                statements.file,
                about | {"form": form},
                name=f"{what}_statement_download_{form}",
            )
            for form in statements.TYPES
        ),
    ]


urlpatterns = [
    path("", views.home, name="home"),
    path("follow/", views.follow, name="follow"),
    path("follow/<int:promise>/", views.thread, name="thread"),
    path("past/<slug:slug>/", views.past, name="past"),
    *statement_paths("project", "projects/<slug:slug>/statement/"),
    *statement_paths("past", "past/<slug:slug>/statement/"),
    path("search/", searching.search, name="search"),
    path("consultations/<slug:slug>/changes/", changing.changes, name="changes"),
    path("questions/", questioning.questions, name="questions"),
    path("questions/<int:ask>/", questioning.question, name="question"),
    path("owed/", owing.owed, name="owed"),
    path("owed/owed.csv", owing.owed_csv, name="owed_csv"),
    path("years/", years.years, name="years"),
    path("years/<int:year>/", years.year, name="year"),
    path("years/<int:year>/report.csv", years.year_csv, name="year_csv"),
    path("seat/portfolio/", portfolio.portfolio, name="portfolio"),
    path("cohort/<slug:slug>/handover/", handing.handover, name="handover"),
    path("translations/", translating.translations, name="translations"),
    path("week/", views.week, name="week"),
    path("strategies", strategies.strategies, name="strategies"),  # no slash: Django would redirect to one
    path("unit/", views.unit, name="unit"),
    path("steward/", views.steward, name="steward"),
    path("projects/<slug:slug>/feed.xml", project_feeds.feed, name="project_feed"),
    path("projects/<slug:slug>/dates.ics", project_feeds.calendar, name="project_calendar"),
    path("calendar.ics", calendars.calendar, name="calendar"),
    path("calendar/<slug:token>.ics", calendars.private_calendar, name="private_calendar"),
    path("about/keeps/", plain.keeps, name="keeps"),
    path("about/promises/", plain.promises, name="promises"),
    path("about/accessibility/", plain.accessibility, name="accessibility"),
    path("about/software/", plain.software, name="software"),
]
