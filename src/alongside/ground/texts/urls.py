"""Pages of texts, below /<program>/<lang>/."""

from django.urls import path

from alongside.ground.texts import views

app_name = "texts"
urlpatterns = [
    path("record/<int:index>/agree/", views.agree, name="agree"),
    path("record/<int:index>/aloud/", views.aloud, name="aloud"),
    path("record/<int:index>/aloud/<slug:digest>.<slug:kind>", views.sound, name="sound"),
    path("record/<int:index>/translations/", views.translations, name="translations"),
]
