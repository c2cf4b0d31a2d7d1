"""What machines read, below /<program>/: a did:web with a path is resolved there."""

from django.urls import path

from alongside.cohort.training import views

app_name = "did"
urlpatterns = [path("did.json", views.did, name="document")]
