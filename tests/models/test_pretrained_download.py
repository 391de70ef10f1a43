import hashlib
import http.server
import re
import socket
import threading

import pytest
from roadsmith.models import pretrained_download
from roadsmith.models.pretrained import PretrainedWeightsError
from roadsmith.models.pretrained_download import ADDRESS, IMAGENET_FILES, imagenet_file
from roadsmith.models.resnet import BACKBONES

CONTENT = bytes(range(256)) * 4000
NAME = f"resnet18-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if not self.path.endswith(NAME):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def site(monkeypatch):
    """A web server on this machine that has one file of weights; its address."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setitem(pretrained_download.IMAGENET_FILES, "resnet18", NAME)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.content, server.asked = CONTENT, []
        server.address = f"http://127.0.0.1:{server.server_address[1]}/models/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_the_files_are_pytorchs_own():
    assert tuple(IMAGENET_FILES) == BACKBONES and ADDRESS == "https://download.pytorch.org/models/"
    assert all(re.fullmatch(rf"{name}-[0-9a-f]{{8}}\.pth", file) for name, file in IMAGENET_FILES.items())
    assert IMAGENET_FILES["resnet34"] == "resnet34-b627a593.pth"


def test_downloaded_once(tmp_path, site):
    seen = []
    path = imagenet_file("resnet18", tmp_path / "cache", lambda done, total: seen.append((done, total)), site.address)
    assert path == tmp_path / "cache" / NAME and path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT)) and seen == sorted(seen) and len(seen) > 1
    assert imagenet_file("resnet18", tmp_path / "cache", None, site.address) == path
    assert len(site.asked) == 1 and [each.name for each in (tmp_path / "cache").iterdir()] == [NAME]


def test_a_damaged_file_in_the_cache_is_fetched_again(tmp_path, site):
    (tmp_path / NAME).write_bytes(CONTENT[:-1])
    assert imagenet_file("resnet18", tmp_path, None, site.address).read_bytes() == CONTENT


@pytest.mark.parametrize(("content", "sentence"), [
    (CONTENT[:-1] + b"!", "not what their name promises"), (CONTENT[:5000], "cannot be downloaded"),
])
def test_wrong_content_is_never_kept(tmp_path, site, content, sentence):
    site.content = content
    with pytest.raises(PretrainedWeightsError, match=sentence) as caught:
        imagenet_file("resnet18", tmp_path, None, site.address)
    assert NAME in str(caught.value) and "\n" not in str(caught.value) and not list(tmp_path.iterdir())


def test_a_stopped_download_leaves_nothing(tmp_path, site):
    class StoppedError(Exception):
        pass

    def stop(done, total):
        raise StoppedError

    with pytest.raises(StoppedError):
        imagenet_file("resnet18", tmp_path, stop, site.address)
    assert not list(tmp_path.iterdir())


def test_no_way_to_the_site(tmp_path, site):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    for address in (nobody, site.address + "elsewhere/", "nonsense://x/"):
        with pytest.raises(PretrainedWeightsError, match="cannot be downloaded") as caught:
            imagenet_file("resnet34", tmp_path, None, address)
        assert "\n" not in str(caught.value) and not list(tmp_path.iterdir())


def test_other_reasons_for_none(tmp_path, site):
    with pytest.raises(PretrainedWeightsError, match="no ImageNet weights for 'vgg'"):
        imagenet_file("vgg", tmp_path, None, site.address)
    (tmp_path / "file").write_text("")
    with pytest.raises(PretrainedWeightsError, match="cannot take"):
        imagenet_file("resnet18", tmp_path / "file" / "cache", None, site.address)
