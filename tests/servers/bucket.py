"""An S3-compatible store on this machine, in a process of its own, so that its libraries' warnings are none of ours."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import boto3

from tests.config.house import until
from tests.ports import free_port

KEY, SECRET, BUCKET = "test-key", "test-secret", "sportello-files"


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[str]:
    """The address of a store with one empty bucket."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", host, "-p", str(port)]
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://{host}:{port}"
    try:
        until(lambda: _answers(address), seconds=30, what="the store answers")
        client(address).create_bucket(Bucket=BUCKET)
        yield address
    finally:
        program.terminate()
        program.wait(60)


def client(address: str) -> boto3.client:
    return boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/moto-api/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
