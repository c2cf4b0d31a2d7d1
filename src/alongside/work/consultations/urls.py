"""Consultations, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.consultations import views

app_name = "consultations"
ONE = "consultations/<slug:slug>/"
VERSION = f"{ONE}materials/<slug:material>/<int:number>/"
urlpatterns = [
    path("consultations/", views.consultations, name="consultations"),
    path("consultations/new/", views.open_one, name="open"),
    path(ONE, views.consultation, name="consultation"),
    path(f"{ONE}take-back/", views.withdraw, name="withdraw"),
    path(f"{ONE}materials/new/", views.bring, name="bring"),
    path(f"{ONE}materials/<slug:material>/new-version/", views.renew, name="renew"),
    path(VERSION, views.material, name="material"),
    path(f"{VERSION}file", views.file, name="file"),
    path(f"{VERSION}review/", views.review, name="review"),
    path(f"{ONE}comments/", views.remarks, name="remarks"),
    path(f"{ONE}comments/<int:number>/reply/", views.reply, name="reply"),
    path(f"{ONE}comments/<int:number>/take-back/", views.withdraw_comment, name="withdraw_comment"),
    path(f"{ONE}guide/", views.guide, name="guide"),
]
