"""Pay: a lead's own pages, the steward's, and one for everyone; below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.pay import views

app_name = "pay"
urlpatterns = [
    path("pay/", views.mine, name="mine"),
    path("pay/log/", views.log, name="log"),
    path("pay/stop/", views.stop, name="stop"),
    path("pay/cost/", views.cost, name="cost"),
    path("pay/stubs/", views.stubs, name="stubs"),
    path("pay/advance/", views.advance, name="advance"),
    path("pay/hours-and-payments.csv", views.mine_csv, name="mine_csv"),
    path("pay/bills/<int:claim>/", views.bill, name="bill"),
    path("pay/proposals/<int:proposal>/agree/", views.accept, name="accept"),
    path("pay/<int:claim>/take-back/", views.withdraw, name="withdraw"),
    path("steward/pay/", views.desk, name="desk"),
    path("steward/pay/approve/", views.approve, name="approve"),
    path("steward/pay/<int:claim>/count/", views.count, name="count"),
    path("steward/pay/<int:claim>/send-back/", views.send_back, name="send_back"),
    path("steward/pay/advances/<int:claim>/returned/", views.returned, name="returned"),
    path("steward/pay/agreements/", views.agreements, name="agreements"),
    path("steward/pay/agreements/<slug:seat>/", views.agreement, name="agreement"),
    path("steward/pay/agreements/<slug:seat>/raise/", views.raised, name="raise"),
    path("steward/pay/budgets/<slug:cohort>/", views.budget, name="budget"),
    path("steward/pay/runs/", views.runs, name="runs"),
    path("steward/pay/runs/close/", views.close, name="close"),
    path("steward/pay/runs/<int:number>/", views.run, name="run"),
    path("steward/pay/runs/<int:number>/finance.csv", views.run_csv, name="run_csv"),
    path("steward/pay/payments/<int:payment>/sent-back/", views.reject, name="reject"),
    path("steward/pay/payments/<int:payment>/correct/", views.correct, name="correct"),
    path("steward/pay/reconcile/", views.reconcile, name="reconcile"),
    path("about/pay/", views.public, name="public"),
]
