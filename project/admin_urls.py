"""Everything that the administration's host serves."""

from django.urls import path

from accounts.admin import site
from messaging import admin as messaging_admin

messaging_admin.register(site)
urlpatterns = [path("", site.urls)]

handler400 = "accounts.admin.pages.bad"
handler403 = "accounts.admin.pages.forbidden"
handler404 = "accounts.admin.pages.absent"
handler500 = "accounts.admin.pages.failed"
