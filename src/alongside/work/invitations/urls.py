"""Pages of invitations, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.invitations import views

app_name = "invitations"
urlpatterns = [
    path("invitations/", views.invitations, name="invitations"),
    path("invitations/new/", views.invite, name="invite"),
    path("invitations/<slug:slug>/", views.invitation, name="invitation"),
    path("invitations/<slug:slug>/take/", views.take, name="take"),
    path("invitations/<slug:slug>/decline/", views.decline, name="decline"),
    path("invitations/<slug:slug>/withdraw/", views.withdraw, name="withdraw"),
]
