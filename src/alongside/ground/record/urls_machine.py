"""What machines read, below /<program>/record/."""

from django.urls import path

from alongside.ground.record import machine

app_name = "log"
urlpatterns = [
    path("checkpoint", machine.checkpoint, name="checkpoint"),
    path("cosignatures", machine.cosignatures, name="cosignatures"),
    path("vkey", machine.key, name="vkey"),
    path("tile/<path:where>", machine.tile, name="tile"),
    path("texts/<int:first>.json", machine.texts, name="texts"),
    path("rules/<slug:sha256>.json", machine.rules, name="rules"),
    path(machine.VERIFIER, machine.verifier, name="verifier"),
    path("entries/<int:index>.json", machine.entry_json, name="entry"),
    path("entries/<int:index>.tlog-proof", machine.proof, name="proof"),
    path("entries/<int:index>.texts.json", machine.words, name="words"),
]
