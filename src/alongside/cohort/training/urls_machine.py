"""What machines read, below /<program>/: a did:web with a path is resolved there."""

from django.urls import path

from alongside.cohort.training.views import machine

app_name = "did"
urlpatterns = [path("did.json", machine.did, name="document")]
