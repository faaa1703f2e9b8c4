from django.urls import include, path

from messaging.views import health

urlpatterns = [
    path("api/", include("accounts.urls")),
    path("api/", include("messaging.urls")),
    path("health", health),
]

handler404 = "accounts.edge.absent"
handler500 = "accounts.edge.failed"
