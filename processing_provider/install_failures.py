"""Why pip or uv failed, in one sentence: what they print is long, and the cause rarely in its last line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .proxy import without_credentials
from .translation import tr, tr_noop

HOSTS = ("download.pytorch.org", "download-r2.pytorch.org", "pypi.org", "files.pythonhosted.org")

_OTHER_WAYS = tr_noop("fill a folder with the wheels on another computer and name it, or name a Python that has PyTorch")

#: Words of the installers, and what they mean ({hosts}: what is downloaded from; {other}: the other ways); the first that is
#: found counts, so the special come before the general.
_CAUSES = (
    (r"no space left|errno 28\b|winerror 112|not enough space|disk quota exceeded",
     tr_noop("the disk is full: free some space, or choose a cache folder on another disk in Settings > Options > Roadsmith")),
    (r"winerror 1260|winerror 4551|group policy|applocker|application control",
     tr_noop("a rule of this computer (AppLocker or the like) forbids programs in the user's folders: ask the administrator to "
             "allow the folder of the environment, or name an installed Python that has PyTorch in Settings > Options > "
             "Roadsmith")),
    (r"winerror 225|contains a virus|potentially unwanted software",
     tr_noop("the virus scanner stopped it: ask the administrator to except the folder of the environment, and run the set-up "
             "again")),
    (r"winerror (5|32)\b|permission denied|access is denied|being used by another process|errno 13\b",
     tr_noop("a file is locked or may not be written, often by a virus scanner or another QGIS window: close other QGIS windows, "
             "except the folder of the environment from scanning, and run the set-up again")),
    (r"\b407\b|proxy authentication",
     tr_noop("the proxy wants a name and password: enter them in Settings > Options > Network and run the set-up again")),
    (r"socks support|pysocks",
     tr_noop("pip cannot use a SOCKS proxy: install the program uv, or choose an HTTP proxy in Settings > Options > Network")),
    (r"proxyerror|cannot connect to proxy|proxy connect|tunnel connection failed",
     tr_noop("the proxy cannot be reached: correct it in Settings > Options > Network and run the set-up again")),
    (r"certificate_verify_failed|certificate verify failed|invalid peer certificate|unknownissuer|sslerror|self.signed",
     tr_noop("the certificate of the server is not trusted, as where a firewall inspects the traffic: set the variable PIP_CERT "
             "(for uv SSL_CERT_FILE) to your organisation's certificate file, or {other}")),
    (r"name resolution|could not resolve|getaddrinfo failed|dns error|failed to establish|connection refused|timed out|"
     r"timeouterror|network is unreachable|connectionreset|connection reset|connection aborted|error sending request|"
     r"client error|remote end closed|incompleteread|\b403\b.*(forbidden|url)|newconnectionerror",
     tr_noop("the network does not reach the packages: check the connection and the proxy, allow {hosts}, and run the set-up "
             "again (what was downloaded is kept), or {other}")),
    (r"do not match the hashes|hash mismatch|badzipfile|not a zip file|bad magic",
     tr_noop("a download was damaged: run the set-up again")),
    (r"ensurepip",
     tr_noop("this Python cannot make environments: install the package python3-venv (Debian, Ubuntu), or the program uv")),
    (r"externally.managed",
     tr_noop("this Python is managed by the system: leave the Python empty, or install the program uv")),
)
_NO_WHEEL = r"no matching distribution|no solution found|resolutionimpossible|not a supported wheel|could not find a version"


def explain_install(text: str, lines: Sequence[str], code: int | None, offline: bool = False) -> str:
    """Return one sentence about an installer that failed.

    Args:
        text: what it was doing, e.g. "Installing PyTorch".
        lines: what it printed.
        code: its exit code.
        offline: it installed from a folder of wheels.
    """
    errors = [line for line in lines if line.lower().lstrip().startswith(("error", "× ", "x "))]
    last = next((line for line in [*reversed(lines)] if line.strip()), "")
    said = without_credentials(" ".join((errors[-1] if errors else last).split()))[:300]
    start = tr("{} failed (exit code {}): {}").format(text, code, said).rstrip(": ")
    cause = _cause("\n".join(lines), offline)
    return tr("{}. The cause: {}.").format(start, cause) if cause else tr("{}. The log has the rest.").format(start)


def _cause(text: str, offline: bool) -> str:
    lowered = text.lower()
    if offline and re.search(_NO_WHEEL, lowered):
        return tr("the folder of wheels lacks this package for this Python and system: fill it with 'python -m pip download -r "
                  "requirements.txt' on a computer with the same system and the same version of Python")
    for pattern, sentence in _CAUSES:
        if re.search(pattern, lowered):
            return tr(sentence).format(hosts=", ".join(HOSTS), other=tr(_OTHER_WAYS))
    if re.search(_NO_WHEEL, lowered):
        return tr("no release of this package fits this Python and system, or the network hides it: build with another Python "
                  "(3.10 to 3.13 have most), check the variables PIP_INDEX_URL and PIP_CONSTRAINT, and run the set-up again")
    return ""
