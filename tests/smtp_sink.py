"""A mail server on this machine that keeps what it is given: RFC 5321 as far as clients need it, with STARTTLS."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Sink:
    """What came in. ``refuse`` answers an address with a code; ``busy`` answers everything with 451."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    users: list[tuple[str, str]] = field(default_factory=list)
    refuse: dict[str, int] = field(default_factory=dict)
    busy: bool = False
    tls: ssl.SSLContext | None = None
    password: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure, known = False, not self.password

        async def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        await say("220 sink.example ESMTP")
        while line := (await reader.readline()).decode().strip():
            word, _, rest = line.partition(" ")
            if word.upper() in ("EHLO", "HELO"):
                offers = ["AUTH PLAIN"] + (["STARTTLS"] if self.tls and not secure else [])
                await say("\r\n".join(["250-sink.example", *(f"250-{each}" for each in offers), "250 8BITMIME"]))
            elif word.upper() == "STARTTLS":
                await say("220 go on")
                await writer.start_tls(self.tls)  # type: ignore[arg-type]
                secure = True
            elif word.upper() == "AUTH":
                _, user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
                self.users.append((user, password))
                known = password == self.password
                await say("235 known" if known else "535 not known")
            elif word.upper() == "MAIL":
                await say("451 later" if self.busy else "250 ok" if known else "530 who are you")
            elif word.upper() == "RCPT":
                code = next((code for address, code in self.refuse.items() if address in rest), 250)
                await say(f"{code} recipient")
            elif word.upper() == "DATA":
                await say("354 go on")
                body = b""
                while (part := await reader.readline()) != b".\r\n":
                    body += part[1:] if part.startswith(b"..") else part
                self.raw.append(body)
                self.encrypted.append(secure)
                self.letters.append(message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
                await say("250 kept")
            elif word.upper() == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 ok")
        writer.close()


@contextmanager
def sink(**settings: object) -> Iterator[Sink]:
    """A server while the block lasts."""
    found = Sink(**settings)  # type: ignore[arg-type]
    loop = asyncio.new_event_loop()

    async def begin() -> asyncio.Server:
        return await asyncio.start_server(found.serve, "127.0.0.1", 0)

    # On a thread of its own: a browser test has a loop running on this one.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    found.port = server.sockets[0].getsockname()[1]

    async def end() -> None:
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        yield found
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's context, and that of a client that trusts it, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example")])
    begins = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=str(folder / "cert.pem"))
