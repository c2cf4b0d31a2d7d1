"""The register of projects, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.projects.views import exporting, files, leading, public, writing

app_name = "projects"
urlpatterns = [
    path("projects/", public.projects, name="projects"),
    path("projects/new/", writing.register, name="register"),
    path("projects/projects.csv", exporting.projects_csv, name="csv"),
    path("projects/projects.json", exporting.projects_json, name="json"),
    path("projects/import/", files.upload, name="upload"),
    path("projects/imports/", files.imports, name="imports"),
    path("projects/imports/<int:number>/", files.check_file, name="check_file"),
    path("projects/imports/<int:number>/columns/", files.map_file, name="map_file"),
    path("projects/imports/<int:number>/yes/", files.confirm_file, name="confirm_file"),
    path("projects/<slug:slug>/", public.project, name="project"),
    path("projects/<slug:slug>/row.json", exporting.row_json, name="row"),
    path("projects/<slug:slug>/agree/", leading.agree, name="agree"),
    path("projects/<slug:slug>/register/", writing.adopt, name="adopt"),
    path("projects/<slug:slug>/facts/", writing.describe, name="describe"),
    path("projects/<slug:slug>/leads/", leading.join, name="join"),
    path("projects/<slug:slug>/harms/new/", leading.harm, name="harm"),
    path("projects/<slug:slug>/decisions/new/", writing.schedule, name="schedule"),
    path("projects/<slug:slug>/decisions/<slug:decision>/", public.decision, name="decision"),
    path("projects/<slug:slug>/decisions/<slug:decision>/move/", writing.move, name="move"),
    path("projects/<slug:slug>/decisions/<slug:decision>/made/", writing.made, name="made"),
]
