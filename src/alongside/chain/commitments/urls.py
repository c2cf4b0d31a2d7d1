"""Pages of commitments, below /<program>/<lang>/."""

from django.urls import path

from alongside.chain.commitments import views

app_name = "commitments"
urlpatterns = [
    path("commitments/<int:commitment>/<slug:milestone>/claim/", views.claim, name="claim"),
    path("commitments/checks/", views.checks, name="checks"),
    path("commitments/claims/<int:claim>/check/", views.check, name="check"),
]
