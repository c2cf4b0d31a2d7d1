"""Pages of cohorts and seats, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.seats.views import care, charters, leaving, meetings, own, people, public, stewarding

app_name = "seats"
urlpatterns = [
    path("cohort/", public.cohort, name="cohort"),
    path("cohort/<slug:slug>/", public.cohort, name="cohort"),
    path("cohort/<slug:cohort>/charter/", public.charter, name="charter"),
    path("cohort/<slug:cohort>/charter/sign/", charters.sign_charter, name="sign_charter"),
    path("leads/<slug:seat>/", public.lead, name="lead"),
    path("meetings/", public.all_meetings, name="meetings"),
    path("meetings/new/", meetings.plan_meeting, name="plan_meeting"),
    path("meetings/<slug:meeting>/", public.meeting, name="meeting"),
    path("meetings/<slug:meeting>/change/", meetings.change_meeting, name="change_meeting"),
    path("meetings/<slug:meeting>/minutes/", meetings.write_minutes, name="minutes"),
    path("meetings/<slug:meeting>/position/", meetings.dissent, name="dissent"),
    path("messages/", care.inbox, name="inbox"),
    path("messages/write/", care.write, name="write"),
    path("messages/phone/", care.number, name="number"),
    path("messages/raise/", care.raise_alarm, name="raise"),
    path("messages/raised/<slug:key>/", care.raised, name="raised"),
    path("messages/<slug:key>/", care.message, name="message"),
    path("seat/profile/", own.profile, name="profile"),
    path("seat/profile/take-down/", own.take_down, name="take_down"),
    path("seat/calendar/", own.calendar, name="my_calendar"),
    path("seat/goodbye/", leaving.goodbye, name="goodbye"),
    path("goodbyes/", leaving.goodbyes, name="goodbyes"),
    path("seat/leave/", own.leave, name="leave"),
    path("seat/appeal/", own.appeal, name="appeal"),
    path("appeals/<int:pk>/", own.decide, name="decide"),
    path("steward/people/", people.people, name="people"),
    path("steward/people/appoint/", people.appoint, name="appoint"),
    path("steward/people/posts/<int:post>/end/", people.end, name="end_post"),
    path("steward/people/<int:person>/code/", people.code, name="code"),
    path("steward/charter/", charters.write_charter, name="write_charter"),
    path("steward/seats/", stewarding.seats, name="seats"),
    path("steward/seats/empty/", stewarding.open_vacancy, name="open_vacancy"),
    path("steward/seats/alternates/", stewarding.add_alternate, name="add_alternate"),
    path("steward/seats/alternates/<int:pk>/stand-down/", stewarding.stand_down, name="stand_down"),
    path("steward/seats/call-up/", stewarding.call_up, name="call_up"),
    path("steward/seats/<slug:seat>/role/", stewarding.change_role, name="change_role"),
    path("steward/seats/<slug:seat>/leave/", stewarding.note_leaving, name="note_leaving"),
    path("steward/seats/<slug:seat>/remove/", stewarding.remove, name="remove"),
]
