"""What pip and uv print when they fail, in their own words, and the sentence that the user gets."""

from __future__ import annotations

import pytest
from roadsmith.processing_provider.install_failures import explain_install

#: Last lines as pip 23 to 25 and uv print them, one for each row of docs/troubleshooting.md that an installer can cause.
PRINTED = {
    "disk is full": [
        ["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"],
        ["error: Failed to extract archive", "  Caused by: There is not enough space on the disk. (os error 112)"],
    ],
    "AppLocker": [
        ["OSError: [WinError 1260] This program is blocked by group policy."],
        ["OSError: [WinError 4551] An Application Control policy has blocked this file"],
    ],
    "virus scanner stopped it": [
        ["OSError: [WinError 225] Operation did not complete successfully because the file contains a virus"],
    ],
    "locked": [
        ["ERROR: Could not install packages due to an OSError: [WinError 32] The process cannot access the file"],
        ["ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x'"],
    ],
    "name and password": [
        ["WARNING: Retrying … ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 407 Proxy "
         "Authentication Required'))", "ERROR: Could not find a version that satisfies the requirement torch"],
    ],
    "SOCKS": [["ERROR: Could not install packages due to an OSError: Missing dependencies for SOCKS support."]],
    "proxy cannot be reached": [
        ["WARNING: Retrying … ProxyError('Cannot connect to proxy.', NewConnectionError('Connection refused'))",
         "ERROR: No matching distribution found for torch"],
    ],
    "certificate": [
        ["Could not fetch URL https://pypi.org/simple/torch/: There was a problem confirming the ssl certificate: "
         "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed "
         "certificate in certificate chain'))", "ERROR: No matching distribution found for torch"],
        ["error: Failed to fetch: `https://pypi.org/simple/torch/`", "  Caused by: invalid peer certificate: UnknownIssuer"],
    ],
    "does not reach": [
        ["WARNING: Retrying … NewConnectionError('Failed to establish a new connection: [Errno -3] Temporary failure in name "
         "resolution')", "ERROR: No matching distribution found for torch"],
        ["error: Request failed after 3 retries", "  Caused by: error sending request for url", "  Caused by: dns error"],
        ["ERROR: HTTP error 403 while getting https://files.pythonhosted.org/x: 403 Client Error: Forbidden for url"],
        ["TimeoutError: The read operation timed out"],
    ],
    "damaged": [["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."]],
    "python3-venv": [["The virtual environment was not created successfully because ensurepip is not available."]],
    "managed by the system": [["error: externally-managed-environment"]],
    "no release of this package fits": [
        ["ERROR: Could not find a version that satisfies the requirement torch<3,>=2.2 (from versions: none)",
         "ERROR: No matching distribution found for torch<3,>=2.2"],
        ["  × No solution found when resolving dependencies:", "  ╰─▶ Because torch==2.5.1 has no wheels …"],
        ["ERROR: ResolutionImpossible: for help visit https://pip.pypa.io"],
    ],
}
CASES = [(words, lines) for words, cases in PRINTED.items() for lines in cases]


@pytest.mark.parametrize(("words", "lines"), CASES)
def test_every_cause_has_its_own_sentence(words, lines):
    sentence = explain_install("Installing PyTorch", ["Collecting torch", *lines, ""], 1)
    assert sentence.startswith("Installing PyTorch failed (exit code 1): ")
    assert words in sentence.split("The cause: ")[1]
    assert "\n" not in sentence
    assert [other for other in PRINTED if other in sentence.split("The cause: ")[1]] == [words]


def test_an_offline_folder_is_said_to_lack_the_package():
    lines = ["ERROR: No matching distribution found for torch<3,>=2.2"]
    assert "the folder of wheels lacks" in explain_install("Installing PyTorch", lines, 1, offline=True)


def test_an_unknown_failure_keeps_the_installers_words():
    assert explain_install("Making the environment", ["a", "Strange thing", ""], 7) == (
        "Making the environment failed (exit code 7): Strange thing. The log has the rest.")
    assert explain_install("Making the environment", [], None) == (
        "Making the environment failed (exit code None). The log has the rest.")


def test_no_password_of_an_index_is_shown():
    assert "secret" not in explain_install("Installing", ["ERROR: 404 for https://anna:secret@pypi.example.org/simple"], 1)
