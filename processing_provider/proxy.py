"""The proxy that QGIS is set up with, for programs that know nothing of QGIS: pip, uv and the worker."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import quote

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings

from .translation import tr

#: QGIS's kinds of proxies that serve any program. "DefaultProxy" is the system's own, which pip and uv ask for themselves.
_SCHEMES = {"HttpProxy": "http", "HttpCachingProxy": "http", "Socks5Proxy": "socks5h"}
_VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")


@dataclass(frozen=True)
class Proxy:
    """A way to the network.

    Attributes:
        url: with name and password, so never for a log; empty where the system's own settings are used.
        excluded: hosts reached without it.
        source: who set it, for a log; empty if there is none.
    """

    url: str = ""
    excluded: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_socks(self) -> bool:
        """Whether it is of the kind that pip needs another package for."""
        return self.url.startswith("socks")


def find_proxy() -> Proxy:
    """Return the proxy of QGIS's settings, else that of the environment variables. Nothing is asked over the network."""
    settings = QgsSettings()
    if settings.value("proxy/proxyEnabled", False, type=bool):
        kind = str(settings.value("proxy/proxyType", "") or "")
        host = str(settings.value("proxy/proxyHost", "") or "").strip()
        if kind in _SCHEMES and host:
            port = str(settings.value("proxy/proxyPort", "") or "").strip()
            address = f"[{host}]" if ":" in host else host
            url = f"{_SCHEMES[kind]}://{_credentials(settings)}{address}{f':{port}' if port else ''}"
            return Proxy(url, _excluded(settings), tr("QGIS settings"))
        if kind == "DefaultProxy":
            return Proxy(source=tr("the system's settings"))
    for name in _VARIABLES:
        if os.environ.get(name):
            return Proxy(os.environ[name], (), tr("the variable {}").format(name))
    return Proxy()


def proxy_variables() -> dict[str, str]:
    """Return the variables that tell a child process of QGIS's proxy; empty if QGIS has none of its own."""
    proxy = find_proxy()
    if proxy.source != "QGIS settings":
        return {}  # variables are inherited, the system's settings are found
    variables = dict.fromkeys(_VARIABLES, proxy.url)
    if proxy.excluded:
        local = os.environ.get("NO_PROXY", os.environ.get("no_proxy", ""))
        hosts = ",".join(dict.fromkeys(filter(None, [*local.split(","), *proxy.excluded])))
        variables.update(NO_PROXY=hosts, no_proxy=hosts)
    return variables


def without_credentials(text: str) -> str:
    """Return ``text`` with the names and passwords of all addresses in it replaced."""
    return _CREDENTIALS.sub("***@", text)


def _credentials(settings: QgsSettings) -> str:
    user = str(settings.value("proxy/proxyUser", "") or "")
    password = str(settings.value("proxy/proxyPassword", "") or "")
    reference = str(settings.value("proxy/authcfg", "") or "")
    manager = QgsApplication.authManager()
    # asked only while the master password is known: nobody wants its dialog out of a background thread
    if reference and manager is not None and not manager.isDisabled() and manager.masterPasswordIsSet():
        found, config = manager.loadAuthenticationConfig(reference, QgsAuthMethodConfig(), True)
        if found:
            user, password = config.config("username"), config.config("password")
    if not user:
        return ""
    return f"{quote(user, safe='')}:{quote(password, safe='')}@" if password else f"{quote(user, safe='')}@"


def _excluded(settings: QgsSettings) -> tuple[str, ...]:
    """Return the hosts of the addresses that QGIS reaches without its proxy."""
    hosts = []
    for name in ("noProxyUrls", "proxyExcludedUrls"):
        value = settings.value(f"proxy/{name}", [])
        entries = value if isinstance(value, (list, tuple)) else str(value or "").split("|")
        hosts += [re.sub(r"^\w+://", "", str(entry)).split("/")[0] for entry in entries]
    return tuple(host for host in dict.fromkeys(hosts) if host)
