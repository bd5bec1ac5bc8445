"""Every address of the API, under /api/v1/: flat nouns, rows by UUID."""

from django.urls import path

from apprenticeship import api as apprenticeship
from competencies import api as competencies

urlpatterns = [
    path("standards/", competencies.Standards.as_view(), name="api_standards"),
    path("standards/<uuid:pk>/", competencies.StandardNow.as_view(), name="api_standard"),
    path("standard-versions/<uuid:pk>/", competencies.Version.as_view(), name="api_standard_version"),
    path("apprenticeships/", apprenticeship.Apprenticeships.as_view(), name="api_apprenticeships"),
    path("apprenticeships/<uuid:pk>/", apprenticeship.OneApprenticeship.as_view(), name="api_apprenticeship"),
    path("apprenticeships/<uuid:pk>/entries/", apprenticeship.Entries.as_view(), name="api_entries"),
    path("apprenticeships/<uuid:pk>/entries/<int:sequence>/", apprenticeship.OneEntry.as_view(), name="api_entry"),
    path("sign-offs/", apprenticeship.SignOffs.as_view(), name="api_sign_offs"),
    path("sign-offs/<uuid:pk>/", apprenticeship.OneSignOff.as_view(), name="api_sign_off"),
    path("sign-offs/<uuid:pk>/take-back/", apprenticeship.TakeBack.as_view(), name="api_take_back"),
]
