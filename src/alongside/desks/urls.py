"""Pages that cross rooms, below /<program>/<lang>/."""

from django.urls import path

from alongside.desks import (
    calendars,
    changing,
    handing,
    plain,
    portfolio,
    searching,
    strategies,
    views,
    years,
)

app_name = "desks"
urlpatterns = [
    path("", views.home, name="home"),
    path("follow/", views.follow, name="follow"),
    path("follow/<int:promise>/", views.thread, name="thread"),
    path("past/<slug:slug>/", views.past, name="past"),
    path("search/", searching.search, name="search"),
    path("consultations/<slug:slug>/changes/", changing.changes, name="changes"),
    path("owed/", views.owed, name="owed"),
    path("owed/owed.csv", views.owed_csv, name="owed_csv"),
    path("years/", years.years, name="years"),
    path("years/<int:year>/", years.year, name="year"),
    path("years/<int:year>/report.csv", years.year_csv, name="year_csv"),
    path("seat/portfolio/", portfolio.portfolio, name="portfolio"),
    path("cohort/<slug:slug>/handover/", handing.handover, name="handover"),
    path("week/", views.week, name="week"),
    path("strategies", strategies.strategies, name="strategies"),  # no slash: Django would redirect to one
    path("unit/", views.unit, name="unit"),
    path("steward/", views.steward, name="steward"),
    path("calendar.ics", calendars.calendar, name="calendar"),
    path("calendar/<slug:token>.ics", calendars.private_calendar, name="private_calendar"),
    path("about/keeps/", plain.keeps, name="keeps"),
    path("about/promises/", plain.promises, name="promises"),
    path("about/accessibility/", plain.accessibility, name="accessibility"),
    path("about/software/", plain.software, name="software"),
]
