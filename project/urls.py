from django.urls import include, path

from messaging.health import live, ready

urlpatterns = [
    path("api/", include("accounts.urls")),
    path("api/", include("messaging.urls")),
    path("health/live", live),
    path("health/ready", ready),
]

handler404 = "accounts.edge.absent"
handler500 = "accounts.edge.failed"
