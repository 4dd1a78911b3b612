"""A document at an address of the web, fetched as a polite and careful visitor does.

Only http and https, only public addresses unless the user has allowed the host, at each redirect
anew; the connection goes to the very address that was checked, so that a name which changes its
answer (DNS rebinding) leads nowhere. robots.txt is respected (RFC 9309). Time and size are bounded,
the size after decompression. The environment's proxy settings are not used.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from extractors.readers.formats.inflating import EITHER_FRAME, inflated
from extractors.readers.robots import Rule, allowed, rules_for

AGENT = "aidledger"
SCHEMES = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
NOT_MODIFIED = 304
NAT64 = IPv6Network("64:ff9b::/96")  # IPv4 addresses as IPv6 ones (RFC 6052)
CHUNK = 1 << 16
KEPT_AS_WRITTEN = "%/:=&?~#+!$,;'@()*[]"  # in a path or query; all else is percent-encoded

Resolver = Callable[[str, int], list[Any]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long (seconds) and how large (bytes) an answer may be. ``total`` holds for all of a
    document: its redirects, the robots.txt of every host, and the answer to its last byte."""

    connect: float = 10
    read: float = 20
    total: float = 60
    size: int = 50_000_000
    robots: int = 500_000  # what of a robots.txt is read, as RFC 9309 asks at the least
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Version:
    """What a server calls the version of a document that it gave: its ETag and its Last-Modified,
    as they were sent; None where it said none."""

    etag: str | None = None
    modified: str | None = None

    def unless(self) -> dict[str, str]:
        """The headers that ask for the document unless it is still this version (RFC 9110)."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value is not None}


UNKNOWN = Version()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave. ``url`` is where the redirects ended, without a fragment."""

    url: str
    content_type: str
    data: bytes
    version: Version = UNKNOWN


class FetchError(ValueError):
    """Why an address gave no document, in one line."""


class _StatusError(FetchError):
    """An answer that is neither a document nor a redirect."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"the server answers {status} {reason}".rstrip())
        self.status = status


def _resolve(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


@dataclass(slots=True)
class Fetcher:
    """Fetches documents and remembers the robots.txt of each host.

    ``hosts`` are names (``localhost``, ``intranet:8080``) that may lie at private addresses.
    """

    hosts: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    resolve: Resolver = _resolve
    _robots: dict[str, list[Rule]] = field(default_factory=dict)

    def fetch(self, url: str) -> Fetched:
        """The document at an address, redirects followed. Raises FetchError where there is none."""
        found = self.fetch_newer(url, UNKNOWN)
        assert found is not None  # no document is older than one of which nothing is known
        return found

    def fetch_newer(self, url: str, than: Version) -> Fetched | None:
        """The document at an address, None where the server says that it is still that version;
        otherwise as :meth:`fetch`."""
        end = time.monotonic() + self.limits.total
        address = split_url(url)
        for _ in range(self.limits.redirects + 1):
            if not allowed(self._robots_of(address, end), target_of(address)):
                raise FetchError("robots.txt does not allow it to be fetched")
            answer = self._ask(address, end, self.limits.size, than=than)
            if not isinstance(answer, SplitResult):
                return answer
            address = answer
        raise FetchError(f"more than {self.limits.redirects} redirects")

    def _robots_of(self, address: SplitResult, end: float) -> list[Rule]:
        origin = f"{address.scheme}://{address.netloc}"
        if origin not in self._robots:
            lines = self._robots_lines(split_url(f"{origin}/robots.txt"), end)
            self._robots[origin] = rules_for(AGENT, lines)
        return self._robots[origin]

    def _robots_lines(self, address: SplitResult, end: float) -> list[str]:
        """The lines of a robots.txt; none where the host has none, and then all is allowed."""
        for _ in range(self.limits.redirects + 1):
            try:
                answer = self._ask(address, end, self.limits.robots, cut=True)
            except _StatusError as error:
                if error.status >= 500:
                    raise FetchError(f"robots.txt cannot be read: {error}") from error
                return []
            if isinstance(answer, SplitResult):
                address = answer
            elif answer is not None:
                return answer.data.decode("utf-8-sig", "replace").splitlines()
        return []

    def _ask(
        self,
        address: SplitResult,
        end: float,
        size: int,
        *,
        than: Version = UNKNOWN,
        cut: bool = False,
    ) -> Fetched | SplitResult | None:
        """What one request gives: a document, the address of a redirect, or None for a document
        that is still the version asked about."""
        unless = than.unless()
        try:
            with _Connection(self, address, end) as connection:
                answer = connection.request(unless)
                if answer.status == NOT_MODIFIED and unless:
                    return None
                if answer.status in REDIRECTS and (target := answer.getheader("Location")):
                    return split_url(_as_meant(target), address.geturl())
                if answer.status != 200:
                    raise _StatusError(answer.status, answer.reason)
                content_type = answer.getheader("Content-Type") or ""
                version = Version(answer.getheader("ETag"), answer.getheader("Last-Modified"))
                body = _body(answer, size, cut=cut)
                return Fetched(address.geturl(), content_type, body, version)
        except ssl.SSLCertVerificationError as error:
            raise FetchError(f"no trust in the server: {error.verify_message}") from error
        except TimeoutError as error:
            raise FetchError("the server does not answer in time") from error
        except OSError as error:
            raise FetchError(f"cannot be reached ({error.strerror or error})") from error
        except (HTTPException, zlib.error) as error:
            raise FetchError(f"a broken answer ({type(error).__name__})") from error

    def addresses(self, host: str, port: int) -> list[Any]:
        """The socket addresses of a host. Raises FetchError if any is private and not allowed."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"no address is known ({host})") from error
        name = _in_address(host)
        if self.hosts.isdisjoint((host, name, f"{name}:{port}")):
            for *_, address in found:
                if not is_public(address[0]):
                    raise FetchError(f"at a private address ({host}: {address[0]})")
        return found


@cache
def fetcher_for(hosts: frozenset[str]) -> Fetcher:
    """The one fetcher of a run for the hosts that the user allows, in whatever case."""
    return Fetcher(frozenset(map(str.lower, hosts)))


class _Connection:
    """A connection to a checked address that ends when its time is over, whoever drips bytes."""

    def __init__(self, fetcher: Fetcher, address: SplitResult, end: float) -> None:
        self._fetcher, self._address, self._end = fetcher, address, end
        self._over = False

    def __enter__(self) -> _Connection:
        host, port = self._address.hostname or "", port_of(self._address)
        self._timer = Timer(self._left(), self._break_off)
        self._timer.daemon = True
        self._socket = self._connected(self._fetcher.addresses(host, port))
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._socket.close()
        if self._over:
            raise TimeoutError

    def request(self, headers: Mapping[str, str]) -> HTTPResponse:
        """The head of the answer to a request with these headers besides; its body is read from
        it."""
        host, port = self._address.hostname or "", port_of(self._address)
        connection: HTTPConnection
        if self._address.scheme == "https":
            context = ssl.create_default_context()
            secured = context.wrap_socket(
                self._socket, server_hostname=host, do_handshake_on_connect=False
            )
            self._socket = secured  # before the handshake: it, too, can be broken off
            secured.do_handshake()
            connection = HTTPSConnection(host, port, context=context)
        else:
            connection = HTTPConnection(host, port)
        connection.sock = self._socket
        connection.request("GET", target_of(self._address), headers={
            "User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close",
            **headers,
        })  # fmt: skip
        return connection.getresponse()

    def _connected(self, addresses: list[Any]) -> socket.socket:
        """A socket at the first address that answers."""
        failure: OSError = TimeoutError()
        for family, kind, protocol, _, address in addresses:
            plain = socket.socket(family, kind, protocol)
            try:
                plain.settimeout(min(self._fetcher.limits.connect, self._left()))
                plain.connect(address)
            except OSError as error:
                plain.close()
                failure = error
            else:
                plain.settimeout(self._fetcher.limits.read)
                return plain
        raise failure

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _break_off(self) -> None:
        self._over = True
        # the plain socket's method: that of ssl may not be called from another thread
        with suppress(OSError):  # it was closed in this very moment
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def split_url(url: str, base: str = "") -> SplitResult:
    """An address in parts, without user name, password and fragment, percent-encoded.

    ``base`` is the address that redirects to it. Raises FetchError for what is no address of http
    or https.
    """
    prefix = "redirected to " if base else ""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        if parts.scheme not in SCHEMES:
            raise FetchError(f"only http and https are fetched ({prefix}{parts.scheme})")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = port_of(parts)
    except UnicodeError as error:
        raise FetchError(f"{prefix}an address with a name that is none") from error
    except FetchError:
        raise
    except ValueError as error:
        raise FetchError(f"{prefix}no address ({error})") from error
    if not host:
        raise FetchError(f"{prefix}an address without a host")
    netloc = _in_address(host)
    if port != SCHEMES[parts.scheme]:
        netloc += f":{port}"
    path, query = (quote(part, safe=KEPT_AS_WRITTEN) for part in (parts.path or "/", parts.query))
    return SplitResult(parts.scheme, netloc, path, query, "")


def _in_address(host: str) -> str:
    """A host as an address holds it: an IPv6 one in brackets."""
    return f"[{host}]" if ":" in host else host


def target_of(address: SplitResult) -> str:
    """What is asked of the host: the path with its query."""
    return f"{address.path}?{address.query}" if address.query else address.path


def port_of(address: SplitResult) -> int:
    """The port that an address names or its scheme implies. Raises ValueError for none that is."""
    return address.port or SCHEMES[address.scheme]


def is_public(written: str) -> bool:
    """Whether an IP address is one of the public internet, also where it holds an IPv4 one."""
    address: IPv4Address | IPv6Address = ip_address(written.partition("%")[0])
    if isinstance(address, IPv6Address):
        held = address.ipv4_mapped or address.sixtofour
        if held is None and address in NAT64:
            held = IPv4Address(int(address) & 0xFFFF_FFFF)
        if address.teredo or address.is_site_local:
            return False
        address = held or address
    return address.is_global and not address.is_multicast and not address.is_reserved


def _as_meant(header: str) -> str:
    """A header in UTF-8, as servers write it, where the library has taken it for Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _body(answer: HTTPResponse, size: int, *, cut: bool) -> bytes:
    """The decoded bytes; more than ``size`` are refused, or cut off."""
    encoding = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise FetchError(f"an answer compressed as {encoding}")
    parts, length = [], 0
    for part in _chunks(answer, size) if encoding == "identity" else _inflated(answer, size):
        parts.append(part)
        length += len(part)
        if length > size:
            if cut:
                return b"".join(parts)[:size]
            raise FetchError(f"more than {size / 1e6:,.0f} MB")
    return b"".join(parts)


def _chunks(answer: HTTPResponse, size: int) -> Iterator[bytes]:
    while chunk := answer.read(min(CHUNK, size + 1)):
        yield chunk
    if answer.length:
        raise FetchError("the server broke off")


def _inflated(answer: HTTPResponse, size: int) -> Iterator[bytes]:
    try:
        yield from inflated(_chunks(answer, size), EITHER_FRAME)
    except EOFError as error:
        raise FetchError("the server broke off") from error
