"""Addresses of shared devices: the administrator's list of them, and the device's own pages."""

from django.urls import path

from apprenticeship import station_pages, station_views

urlpatterns = [
    path("stations/", station_pages.stations, name="stations"),
    path("stations/register/", station_pages.register, name="register_station"),
    path("stations/<uuid:pk>/rename/", station_pages.rename, name="rename_station"),
    path("stations/<uuid:pk>/revoke/", station_pages.revoke, name="revoke_station"),
    path("station/", station_views.station_home, name="station_home"),
    path("station/people/<uuid:pk>/", station_views.station_unlock, name="station_unlock"),
    path("station/here/", station_views.station_here, name="station_here"),
    path("station/lock/", station_views.station_lock, name="station_lock"),
    path("station/forget/", station_views.station_forget, name="station_forget"),
]
