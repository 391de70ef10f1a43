"""A PostGIS database on this machine for as long as the tests last: real layers from a real server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from qgis.core import QgsDataSourceUri, QgsVectorLayer, QgsVectorLayerExporter

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from machine import postgres_programs

#: PostgreSQL refuses to run as root; this is the user Debian's package makes for it.
_USER = "postgres"


class Postgis:
    """A server with the database ``roads``, on a free port of the loopback interface, in a temporary folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="roadsmith-postgis-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if os.geteuid() == 0:
            shutil.chown(self.folder, _USER)
        self._program("initdb", "-D", str(self.folder / "data"), "-U", _USER, "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-F -p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._program("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", options, "-w", "start")
        self.query("create database roads", "postgres")
        self.query("create extension postgis; create extension postgis_raster")

    def uri(self, table: str, column: str, key: str = "", subset: str = "") -> str:
        """Return how QGIS names a table."""
        uri = QgsDataSourceUri()
        uri.setConnection("127.0.0.1", str(self.port), "roads", _USER, "", QgsDataSourceUri.SslMode.SslDisable)
        uri.setDataSource("public", table, column, subset, key)
        return uri.uri(False)

    def query(self, text: str, database: str = "roads") -> str:
        """Run SQL; return what it prints."""
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", _USER, "-d", database, "-qAtX", "-v", "ON_ERROR_STOP=1"]
        return subprocess.run(command, input=text, check=True, capture_output=True, text=True, timeout=60).stdout

    def load_raster(self, path: Path | str, table: str, srid: int = 4326) -> None:
        """Put a raster file into a table, in tiles of 64 × 64 pixels with an index and constraints, as its users do."""
        command = ["raster2pgsql", "-s", str(srid), "-t", "64x64", "-I", "-C", "-M", str(path), f"public.{table}"]
        self.query(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)

    def load_vector(self, layer: QgsVectorLayer, table: str) -> None:
        """Put a layer into a table with the key ``id`` and the geometry ``geom``."""
        code, sentence = QgsVectorLayerExporter.exportLayer(layer, self.uri(table, "geom", "id"), "postgres", layer.crs())
        assert not sentence, (code, sentence)

    def stop(self) -> None:
        """Stop the server and remove all it wrote."""
        self._program("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _program(self, name: str, *arguments: str) -> None:
        folder = postgres_programs()
        assert folder is not None
        as_user = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
        # no pipes: the server would inherit them and they would never close
        log = self.folder.with_suffix(".log")
        with log.open("wb") as output:
            code = subprocess.call([*as_user, str(folder / name), *arguments], cwd="/", stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, timeout=120)
        text = log.read_text(errors="replace")
        log.unlink()
        assert code == 0, text


def is_installed() -> bool:
    """Whether PostgreSQL, PostGIS and its raster loader are on this machine."""
    folder = postgres_programs()
    if folder is None or not shutil.which("raster2pgsql") or not shutil.which("psql"):
        return False
    share = subprocess.run([str(folder / "pg_config"), "--sharedir"], capture_output=True, text=True, check=False).stdout.strip()
    return (Path(share or "/usr/share/postgresql") / "extension" / "postgis_raster.control").is_file()
