"""Pages of how leads listen, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.listening import views

app_name = "listening"
PLAN = "engagements/<slug:slug>/plan/"
urlpatterns = [
    path("drafts/<slug:slug>/statements/", views.statements, name="statements"),
    path(PLAN, views.plan, name="plan"),
    path(f"{PLAN}sessions/new/", views.session, name="new_session"),
    path(f"{PLAN}sessions/<slug:session>/", views.session, name="session"),
    path(f"{PLAN}sessions/<slug:session>/stubs/", views.stubs, name="stubs"),
    path(f"{PLAN}sessions/<slug:session>/people/", views.people, name="people"),
]
