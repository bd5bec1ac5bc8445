"""The access log tells which page was asked for; searches and secrets stay out of it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import SafeAtoms

from config.access_log import AccessLogger
from config.start import web

pytestmark = pytest.mark.one_lane("sqlite")


def line(path: str, query: str = "", **more: str) -> str:
    """What is logged of one request."""
    config = Config()
    logger = AccessLogger(config)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"{path}?{query}",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        **more,
    }
    answer = SimpleNamespace(status="200 OK", sent=512, headers=[])
    atoms = logger.atoms(answer, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=31))
    form: str = config.access_log_format
    return str(form % SafeAtoms(atoms))


def test_a_line_tells_who_asked_for_what_and_how_it_went() -> None:
    assert line("/cohorts/") == '192.0.2.7 "GET /cohorts/" 200 512 31ms'


def test_what_was_searched_for_is_not_logged() -> None:
    assert "Diaz" not in line("/cohorts/", "q=Diaz", HTTP_REFERER="https://records.example.org/cohorts/?q=Diaz")


def test_the_way_into_an_account_is_not_logged() -> None:
    assert "/accounts/password/reset/key/…/" in line("/accounts/password/reset/key/3k9-c8xk2p-0f2e/")


def test_the_web_server_logs_by_it() -> None:
    assert web()[-2:] == ["--logger-class", "config.access_log.AccessLogger"]
