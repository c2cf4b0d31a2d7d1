"""What machines ask of it, under a program's record."""

from django.urls import path

from alongside.chain.referrals import views

app_name = "referrals_machine"
urlpatterns = [path("given", views.given, name="given")]
