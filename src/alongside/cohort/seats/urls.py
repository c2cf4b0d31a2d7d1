"""Pages of cohorts and seats, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.seats import views

app_name = "seats"
urlpatterns = [
    path("cohort/", views.cohort, name="cohort"),
    path("cohort/<slug:slug>/", views.cohort, name="cohort"),
    path("cohort/<slug:cohort>/charter/", views.charter, name="charter"),
    path("cohort/<slug:cohort>/charter/sign/", views.sign_charter, name="sign_charter"),
    path("leads/<slug:seat>/", views.lead, name="lead"),
    path("posts/", views.posts, name="posts"),
    path("posts/<int:post>/", views.take, name="take_post"),
    path("seat/profile/", views.profile, name="profile"),
    path("seat/profile/take-down/", views.take_down, name="take_down"),
    path("seat/calendar/", views.calendar, name="my_calendar"),
    path("seat/name/", views.my_name, name="my_name"),
    path("seat/set-aside/", views.put_off, name="put_off"),
    path("seat/set-aside/back/", views.put_back, name="put_back"),
    path("seat/goodbye/", views.goodbye, name="goodbye"),
    path("goodbyes/", views.list_goodbyes, name="goodbyes"),
    path("seat/job/", views.other_job, name="other_job"),
    path("seat/leave/", views.leave, name="leave"),
    path("seat/appeal/", views.appeal, name="appeal"),
    path("appeals/<int:pk>/", views.decide, name="decide"),
    path("steward/cohorts/new/", views.seat_cohort, name="seat_cohort"),
    path("steward/people/appoint/", views.appoint, name="appoint"),
    path("steward/people/posts/<int:post>/end/", views.end, name="end_post"),
    path("steward/people/<int:person>/code/", views.code, name="code"),
    path("steward/charter/", views.write_charter, name="write_charter"),
    path("steward/seats/", views.list_seats, name="seats"),
    path("steward/seats/empty/", views.open_vacancy, name="open_vacancy"),
    path("steward/seats/alternates/", views.add_alternate, name="add_alternate"),
    path("steward/seats/alternates/<int:pk>/stand-down/", views.stand_down, name="stand_down"),
    path("steward/seats/call-up/", views.call_up, name="call_up"),
    path("steward/seats/<slug:seat>/pay/", views.note_payer, name="note_payer"),
    path("steward/seats/<slug:seat>/role/", views.change_role, name="change_role"),
    path("steward/seats/<slug:seat>/suspend/", views.suspend, name="suspend"),
    path("steward/seats/<slug:seat>/restore/", views.restore, name="restore"),
    path("steward/seats/<slug:seat>/remove/", views.remove, name="remove"),
    path("steward/seats/<slug:seat>/asked-to-leave/", views.asked_to_leave, name="asked_to_leave"),
]
