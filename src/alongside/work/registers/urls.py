"""Registers that come in from files, below /<program>/<lang>/; these addresses stand before those of projects."""

from django.urls import path

from alongside.work.registers import views

app_name = "registers"
urlpatterns = [
    path("projects/import/", views.upload, name="upload"),
    path("projects/imports/", views.imports, name="imports"),
    path("projects/imports/<int:number>/", views.check_file, name="check_file"),
    path("projects/imports/<int:number>/columns/", views.map_file, name="map_file"),
    path("projects/imports/<int:number>/yes/", views.confirm_file, name="confirm_file"),
    path("projects/imports/<int:number>/take-back/", views.take_back, name="take_back"),
    path("projects/<slug:slug>/row.json", views.row_json, name="row"),
    path("projects/<slug:slug>/agree/", views.agree, name="agree"),
]
