"""Every address of the site; each package lists its own."""

from django.urls import include, path

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_fault"

urlpatterns = [
    path("", include("accounts.urls")),
    path("api/v1/", include("config.api_urls")),
    path("accounts/", include("accounts.login_urls")),
    path("", include("competencies.urls")),
    path("", include("apprenticeship.urls")),
    path("", include("apprenticeship.station_urls")),
    path("", include("instruction.urls")),
    path("", include("reports.urls")),
]
