"""Pages of answers, below /<program>/<lang>/."""

from django.urls import path

from alongside.chain.answers import views

app_name = "answers"
urlpatterns = [
    path("answers/questions/", views.many, name="many"),
    path("answers/<int:about>/", views.answer, name="answer"),
    path("answers/<int:about>/hand-back/", views.hand_back, name="hand_back"),
    path("answers/<int:about>/call-back/", views.call_back, name="call_back"),
    path("answers/<int:answer>/contest/", views.contest, name="contest"),
    path("answers/<int:answer>/no-reasons/", views.unreasoned, name="unreasoned"),
]
