from django.urls import path

from messaging import views

urlpatterns = [
    path("epochs", views.epochs),
    path("conversations", views.conversations),
    path("entries", views.entries),
    path("restoring/entries", views.entries_given_back),
    path("markers", views.markers),
    path("figures", views.figures),
]
