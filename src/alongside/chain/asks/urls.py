"""Pages that ask and act, below /<program>/<lang>/."""

from django.urls import path

from alongside.chain.asks import views

app_name = "asks"
urlpatterns = [
    path("asks/recommend/<int:promise>/", views.recommend, name="recommend"),
    path("consultations/<slug:slug>/advise/", views.advise, name="advise"),
    path("asks/learning/", views.learning, name="learning"),
    path("asks/question/", views.question, name="question"),
    path("asks/questions/", views.many, name="many"),
    path("asks/<int:ask>/follow-up/", views.follow_up, name="follow_up"),
    path("asks/<int:ask>/raise/", views.raise_it, name="raise_it"),
    path("asks/<int:ask>/reply/", views.reply_above, name="reply_above"),
    path("asks/<int:ask>/clarify/", views.clarify, name="clarify"),
    path("asks/<int:ask>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("asks/<int:ask>/unclear/", views.unclear, name="unclear"),
    path("asks/<int:ask>/more-time/", views.more_time, name="more_time"),
    path("asks/<int:ask>/transfer/", views.transfer, name="transfer"),
]
