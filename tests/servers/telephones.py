"""What hangs on a telephone exchange: a telephone that a test answers, and callers (SIPp)."""

from __future__ import annotations

import re
import socket
import subprocess
from pathlib import Path
from typing import Self

ANSWERED = 60.0  # seconds: nobody waits that long, but a busy machine may
_INVITE = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
      INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:{number}@[local_ip]:[local_port]>;tag=[pid]caller[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:{number}@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Length: 0
  ]]></send>
  <recv response="100" optional="true"/>
"""
_AGAIN = """
  <send{retrans}><![CDATA[
      {method} {to} SIP/2.0
      {routes}
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch{back}]
      From: <sip:{number}@[local_ip]:[local_port]>;tag=[pid]caller[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: {cseq} {method}
      Max-Forwards: 70
      Content-Length: 0
  ]]></send>
"""


def _again(method: str, number: str, *, cseq: int = 1, back: str = "", is_told: bool = True) -> str:
    """A request after the first: within the call that was told of, or about the first itself."""
    to, routes = ("[next_url]", "[routes]") if is_told else ("sip:[service]@[remote_ip]:[remote_port]", "X-Of: caller")
    retrans = "" if method == "ACK" else ' retrans="500"'
    return _AGAIN.format(method=method, number=number, cseq=cseq, back=back, to=to, routes=routes, retrans=retrans)


def talks(number: str) -> str:
    """Waits until somebody answers, and hangs up at once."""
    answered = '<recv response="180" optional="true"/><recv response="200" rrs="true"/>'
    ends = [_again("ACK", number), _again("BYE", number, cseq=2), '<recv response="200"/></scenario>']
    return _INVITE.format(number=number) + answered + "".join(ends)


def gives_up(number: str) -> str:
    """Hangs up while it rings. That it is over may arrive before that the wish to hang up was taken."""
    cancel = _again("CANCEL", number, back="-3", is_told=False)
    rings, taken, over = '<recv response="180"/>', '<recv response="200" optional="true"/>', '<recv response="487"/>'
    return (
        _INVITE.format(number=number)
        + rings
        + cancel
        + taken
        + over
        + _again("ACK", number, back="-6", is_told=False)
        + "</scenario>"
    )


def finds_nobody(number: str) -> str:
    """Is told that no telephone is there."""
    return _INVITE.format(number=number) + '<recv response="404"/></scenario>'


class Caller:
    """One call to `service`, through the exchange at `port`."""

    def __init__(self, folder: Path, scenario: str, *, port: int, service: str) -> None:
        file = folder / "caller.xml"
        file.write_text(scenario)
        asked = ["sipp", f"127.0.0.1:{port}", "-sf", str(file), "-s", service, "-i", "127.0.0.1", "-m", "1"]
        self._said = folder / "caller.log"
        with self._said.open("w") as said:
            self._process = subprocess.Popen(
                [*asked, "-nostdin", "-trace_err", "-timeout", "120s"], cwd=folder, stdout=said, stderr=said, stdin=subprocess.DEVNULL
            )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(10)

    def ends(self) -> None:
        """Waits until the call has gone as it was to go."""
        assert self._process.wait(ANSWERED) == 0, self._said.read_text()[-2000:]


class Telephone:
    """`extension` at the exchange; rings for `line`. It does what a test says, and nothing by itself."""

    def __init__(self, extension: str, *, line: str, port: int) -> None:
        self._exchange, self._line, self._extension = ("127.0.0.1", port), line, extension
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.5)
        self._me = f"<sip:{extension}@127.0.0.1:{self._socket.getsockname()[1]}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def register(self) -> None:
        host, port = self._exchange
        address = f"<sip:{self._line}@{host}:{port}>"
        said = [
            f"REGISTER sip:{host}:{port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self._socket.getsockname()[1]};branch=z9hG4bK{self._extension}",
            f"From: {address};tag={self._extension}",
            f"To: {address}",
            f"Call-ID: register-{self._extension}",
            "CSeq: 1 REGISTER",
            f"Contact: {self._me};expires=3600",
        ]
        self._send(said)
        assert self._hear("SIP/2.0 200", again=said)

    def rings(self) -> str:
        """Waits for a call, and says that it rings; the request."""
        invite = self._hear("INVITE")
        self.answer(invite, "180 Ringing")
        return invite

    def hear(self, method: str) -> str:
        """Waits for a request; what comes meanwhile, again or otherwise, is passed over."""
        return self._hear(method)

    def answer(self, request: str, said: str) -> None:
        kept = re.findall(r"^(?:Via|From|Call-ID|CSeq|Record-Route): .*$", request, re.MULTILINE)
        (to,) = re.findall(r"^To: [^\r\n]*", request, re.MULTILINE)
        tag = "" if ";tag=" in to else f";tag=of-{self._extension}"
        self._send([f"SIP/2.0 {said}", *(line.strip() for line in kept), f"{to}{tag}", f"Contact: {self._me}"])

    def _send(self, lines: list[str]) -> None:
        self._socket.sendto("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode(), self._exchange)

    def _hear(self, first: str, *, again: list[str] | None = None) -> str:
        for _ in range(int(ANSWERED / 0.5)):
            try:
                said = self._socket.recv(65536).decode()
            except TimeoutError:
                if again:
                    self._send(again)
                continue
            if said.startswith(first):
                return said
        raise AssertionError(f"nobody said {first}")
