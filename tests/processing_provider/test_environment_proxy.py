"""QGIS's proxy, as pip, uv and the worker get it; and what is never said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roadsmith.processing_provider import proxy
from roadsmith.processing_provider.proxy import Proxy, find_proxy, proxy_variables, without_credentials


@pytest.fixture(autouse=True)
def no_proxy(qgis_app, monkeypatch):
    from qgis.core import QgsSettings

    for name in (*proxy._VARIABLES, "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    QgsSettings().remove("proxy")
    yield
    QgsSettings().remove("proxy")


def set_proxy(**values):
    from qgis.core import QgsSettings

    for name, value in {"proxyEnabled": True, "proxyType": "HttpProxy", **values}.items():
        QgsSettings().setValue(f"proxy/{name}", value)


def test_none():
    assert find_proxy() == Proxy()
    assert proxy_variables() == {}


def test_the_proxy_of_qgis_reaches_the_children_with_name_and_password():
    set_proxy(proxyHost="proxy.example.org", proxyPort="3128", proxyUser="anna@office", proxyPassword="p:w/ä",
              noProxyUrls=["https://intranet.example.org/wms", "localhost"])
    variables = proxy_variables()
    url = "http://anna%40office:p%3Aw%2F%C3%A4@proxy.example.org:3128"
    assert variables["HTTPS_PROXY"] == variables["http_proxy"] == url
    assert variables["NO_PROXY"] == "intranet.example.org,localhost"
    assert find_proxy().source == "QGIS settings"


def test_a_proxy_that_is_switched_off_is_none():
    set_proxy(proxyHost="proxy.example.org", proxyPort="3128", proxyEnabled=False)
    assert proxy_variables() == {}


def test_socks_and_addresses_of_version_6():
    set_proxy(proxyType="Socks5Proxy", proxyHost="2001:db8::1", proxyPort="1080")
    assert find_proxy().url == "socks5h://[2001:db8::1]:1080"
    assert find_proxy().is_socks


def test_the_systems_proxy_is_left_to_the_programs(monkeypatch):
    set_proxy(proxyType="DefaultProxy")
    assert proxy_variables() == {}
    assert "system" in find_proxy().source


def test_qgis_goes_before_the_variables_and_both_lists_of_exceptions_count(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://other:1")
    monkeypatch.setenv("NO_PROXY", "cluster")
    assert find_proxy() == Proxy("http://other:1", (), "the variable HTTPS_PROXY")
    assert proxy_variables() == {}  # inherited as it is
    set_proxy(proxyHost="proxy.example.org", noProxyUrls=["intranet"])
    assert proxy_variables()["HTTPS_PROXY"] == "http://proxy.example.org"
    assert proxy_variables()["no_proxy"] == "cluster,intranet"


def test_the_worker_gets_it_too(feedback, tmp_path):
    from roadsmith.engine.jobs import CheckEnvironment
    from roadsmith.processing_provider import bridge
    from roadsmith.processing_provider.environment import qgis_python

    worker = tmp_path / "worker.py"
    worker.write_text(
        "import json, os, sys\n"
        "print(json.dumps({'event': 'hello', 'protocol': 1, 'python': '3', 'process_id': 1}), flush=True)\n"
        "sys.stdin.readline()\n"
        "print(json.dumps({'event': 'result', 'outputs': {'proxy': os.environ.get('HTTPS_PROXY')}}), flush=True)\n"
    )
    set_proxy(proxyHost="proxy.example.org", proxyPort="3128")
    answer = bridge.run_job(CheckEnvironment(), feedback, qgis_python(), worker=worker)
    assert answer == {"proxy": "http://proxy.example.org:3128"}


@given(st.text("abcXYZ019._-%:", min_size=1))
def test_no_password_is_ever_said(secret):
    text = without_credentials(f"Looking in http://user:{secret}@host.example:8080/simple and https://plain.example/x")
    assert text == "Looking in http://***@host.example:8080/simple and https://plain.example/x"
