"""Pages of cohorts and seats, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.seats import views as seats_views

app_name = "seats"
urlpatterns = [
    path("cohort/", seats_views.cohort, name="cohort"),
    path("cohort/<slug:slug>/", seats_views.cohort, name="cohort"),
    path("cohort/<slug:cohort>/charter/", seats_views.charter, name="charter"),
    path("cohort/<slug:cohort>/charter/sign/", seats_views.sign_charter, name="sign_charter"),
    path("leads/<slug:seat>/", seats_views.lead, name="lead"),
    path("posts/", seats_views.posts, name="posts"),
    path("posts/<int:post>/", seats_views.take, name="take_post"),
    path("cohort-rules/", seats_views.proposed, name="rules"),
    path("seat/profile/", seats_views.profile, name="profile"),
    path("seat/profile/take-down/", seats_views.take_down, name="take_down"),
    path("seat/calendar/", seats_views.calendar, name="my_calendar"),
    path("seat/goodbye/", seats_views.goodbye, name="goodbye"),
    path("goodbyes/", seats_views.goodbyes, name="goodbyes"),
    path("seat/seconds/", seats_views.seconds, name="seconds"),
    path("seat/job/", seats_views.other_job, name="other_job"),
    path("seat/leave/", seats_views.leave, name="leave"),
    path("seat/appeal/", seats_views.appeal, name="appeal"),
    path("appeals/<int:pk>/", seats_views.decide, name="decide"),
    path("steward/cohorts/new/", seats_views.seat_cohort, name="seat_cohort"),
    path("steward/people/", seats_views.people, name="people"),
    path("steward/people/appoint/", seats_views.appoint, name="appoint"),
    path("steward/people/posts/<int:post>/end/", seats_views.end, name="end_post"),
    path("steward/people/<int:person>/code/", seats_views.code, name="code"),
    path("steward/charter/", seats_views.write_charter, name="write_charter"),
    path("steward/seats/", seats_views.seats, name="seats"),
    path("steward/seats/empty/", seats_views.open_vacancy, name="open_vacancy"),
    path("steward/seats/alternates/", seats_views.add_alternate, name="add_alternate"),
    path("steward/seats/alternates/<int:pk>/stand-down/", seats_views.stand_down, name="stand_down"),
    path("steward/seats/call-up/", seats_views.call_up, name="call_up"),
    path("steward/seats/<slug:seat>/pay/", seats_views.note_payer, name="note_payer"),
    path("steward/seats/<slug:seat>/role/", seats_views.change_role, name="change_role"),
    path("steward/seats/<slug:seat>/remove/", seats_views.remove, name="remove"),
]
