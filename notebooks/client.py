"""How does a program ask a served workspace? A small client of the HTTP interface, for notebooks and scripts.

    from client import Server, Refused

    with Server("http://127.0.0.1:7878") as medring:             # nobody has an account yet, or: name="wang", password="…"
        for ring in medring.rings(sort="fund", fund_min=100_000):   # all pages, a ring at a time
            print(ring["id"], ring["fund_fen"] / 100, ring["sentence"]["en"])
        rows = list(medring.facts(ring["id"]))                      # the source rows behind it
        graph = medring.network(ring["id"])                         # a networkx graph, where networkx is installed

    Server("https://medring.bureau:7878", key="…", authority="ca.pem").push("setl_d", open("setl_d.csv", "rb").read())

Money is in fen, days are texts like 2026-11-20, moments are seconds since 1970-01-01 UTC; persons are opaque tokens and masks.
Every address, its parameters and answers stand in /openapi.json. Needs nothing but Python 3.9.
"""

from __future__ import annotations

import http.cookiejar
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Iterator

# Rows that one answer holds at most.
PAGE = 500


class Refused(Exception):
    """The server refused: `status`, a stable `code` such as MR-WEB-003, what happened and what to do in both languages."""

    def __init__(self, status: int, said: dict):
        self.status, self.code, self.said = status, said.get("code", f"HTTP {status}"), said
        super().__init__(f"{self.code} {said.get('en', '')}. {said.get('remedy_en', '')}".strip())


class Server:
    """A served workspace, asked by somebody: an account (`name`, `password`), a machine (`key`), or nobody where there are no accounts."""

    def __init__(self, base: str, name: str | None = None, password: str | None = None, key: str | None = None,
                 authority: str | None = None, timeout_s: float = 60.0):
        """`authority` is a PEM file of who vouches for the server's certificate; without it, the system's own list is asked."""
        self.base, self.key, self.timeout_s = base.rstrip("/"), key, timeout_s
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        secure = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=authority))
        # Bureaus' networks are closed: no proxy of the environment comes between.
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies, secure).open
        self.signed_in = name is not None
        if name is not None:
            self.post("/v1/login", {"name": name, "password": password})

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        if self.signed_in:
            self.post("/v1/logout", {})

    # What every other question is made of.

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of an address. Parameters that are None are left out; lists are joined by commas. Raises Refused."""
        return json.loads(self.read(path, **params))

    def read(self, path: str, **params: Any) -> bytes:
        """What an address answers, as it is: exports, documents, reports. Waits while the server builds what it is asked for. Raises Refused."""
        return self._send(self._request(path, params), tries=60)

    def post(self, path: str, body: Any) -> Any:
        """Writes JSON, and answers the JSON that comes back, None where nothing does. Raises Refused."""
        request = self._request(path, {}, json.dumps(body).encode(), "application/json")
        answer = self._send(request)
        return json.loads(answer) if answer else None

    def pages(self, path: str, name: str, **params: Any) -> Iterator[dict]:
        """All rows of a list that is answered in pages: `name` is where they stand in the answer."""
        offset = 0
        while True:
            answer = self.get(path, offset=offset, limit=PAGE, **params)
            yield from answer[name]
            offset += len(answer[name])
            if not answer[name] or offset >= answer["total"]:
                return

    # What is asked most.

    def rings(self, **filters: Any) -> Iterator[dict]:
        """Suspected leads, ranked: `typology`, `region`, `event`, `since`, `score_min`, `fund_min` (yuan), `persons_min`, `q`, `sort`, `as_of`."""
        return self.pages("/v1/rings", "rings", **filters)

    def ring(self, ring: str, as_of: str | int | None = None) -> dict:
        """A lead with its reasons, counter-evidence, members and history."""
        return self.get(f"/v1/rings/{_part(ring)}", as_of=as_of)

    def facts(self, ring: str, **filters: Any) -> Iterator[dict]:
        """The source rows that its reasons cite, each with file, row and epoch: `factor`, `party`, `as_of`."""
        return self.pages(f"/v1/rings/{_part(ring)}/facts", "facts", **filters)

    def neighbours(self, party: str, **filters: Any) -> Iterator[dict]:
        """Whom a party is linked to: `kind`, `order`, `in_ring`."""
        return self.pages(f"/v1/entities/{_part(party)}/neighbours", "neighbours", **filters)

    def paths(self, start: str, end: str, **asked: Any) -> dict:
        """How two parties are connected: `k`, `order`, `via`, `avoid`, `within`, `max_hops`, `skip_hubs`. `none` says why there is no path."""
        return self.get("/v1/paths", **{"from": start, "to": end, **asked})

    def network(self, ring: str, as_of: str | int | None = None) -> Any:
        """The graph of a lead for networkx: nodes are tokens with kind, mask and place, edges have weight and days."""
        import networkx

        drawn = self.get(f"/v1/rings/{_part(ring)}/graph", as_of=as_of)
        tokens = [node["party"]["token"] for node in drawn["nodes"]]
        graph = networkx.Graph(ring=ring, epoch=drawn["epoch"])
        for node in drawn["nodes"]:
            graph.add_node(node["party"]["token"], kind=node["party"]["kind"], id=node["party"]["id"], x=node["x"], y=node["y"])
        for a, b in drawn["visits"]:
            graph.add_edge(tokens[a], tokens[b], tie=False, weight=1.0)
        for tie in drawn["ties"]:
            graph.add_edge(tokens[tie["a"]], tokens[tie["b"]], tie=True, weight=tie["weight"], first=tie["first"], last=tie["last"])
        return graph

    def push(self, table: str, rows: bytes, batch: str | None = None, kind: str = "text/csv", tries: int = 10) -> dict:
        """Pushes rows of a table and waits until they are durable. `batch` names it: sent again under its name it counts once, so a
        push that was cut off is simply repeated. Waits as long as the server asks while its queue is full, `tries` times."""
        request = self._request("/v1/batches", {"table": table}, rows, kind)
        if batch is not None:
            request.add_header("Idempotency-Key", batch)
        return json.loads(self._send(request, tries))

    def _request(self, path: str, params: dict, body: bytes | None = None, kind: str | None = None) -> urllib.request.Request:
        texts = {name: ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value for name, value in params.items()}
        texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in texts.items() if value is not None}
        query = f"?{urllib.parse.urlencode(texts)}" if texts else ""
        request = urllib.request.Request(self.base + path + query, data=body)
        if kind is not None:
            # The mark shows that no page of another site writes in somebody's name.
            request.add_header("Content-Type", kind)
            request.add_header("X-Medring", "client")
        if self.key is not None:
            request.add_header("Authorization", f"Bearer {self.key}")
        return request

    def _send(self, request: urllib.request.Request, tries: int = 1) -> bytes:
        for left in reversed(range(max(1, tries))):
            try:
                with self._open(request, timeout=self.timeout_s) as answer:
                    return answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    text, wait = error.read(), error.headers.get("Retry-After")
                # What is over in a moment says when to ask again.
                if left and error.code in (429, 503) and wait is not None and wait.isdigit():
                    time.sleep(int(wait))
                    continue
                try:
                    said = json.loads(text)
                except ValueError:
                    said = {}
                raise Refused(error.code, said) from None
        raise AssertionError("the last try answers or raises")


def _part(text: str) -> str:
    """A text as one part of an address."""
    return urllib.parse.quote(text, safe="")
