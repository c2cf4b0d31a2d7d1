"""Pages of engagements, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.engagements.views import public

app_name = "engagements"
urlpatterns = [
    path("engagements/", public.open_list, name="open"),
    path("engagements/<slug:slug>/", public.engagement, name="engagement"),
    path("engagements/<slug:slug>/paper/", public.paper, name="paper"),
]
