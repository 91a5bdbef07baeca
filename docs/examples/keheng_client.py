"""A client of the Keheng API in Python's own library, to be copied into another system and changed at will.

```python
keheng = Keheng("https://keheng.example.gov.cn", token="kh_…")
for organisation in keheng.organisations(district="990101"):
    print(organisation["name"])
keheng.register_organisation(name="云岭精密仪器有限公司", kind="enterprise", district="990101")
```

Run by itself it prints who the token is: ``python keheng_client.py https://keheng.example.gov.cn kh_…``.
"""

from __future__ import annotations

import hmac
import http.client
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any


class KehengError(Exception):
    """What the API refused: ``status``, and ``errors``, each with code, field and what to do."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.errors = status, problem.get("errors", [])
        super().__init__(f"{status}: {problem.get('detail') or problem.get('title')}")


class Keheng:
    """One installation, seen with one token. Writes are tried again under the same key, so that they happen once.

    Who may stop in between passes a ``key`` kept beside the record, and asks with it again afterwards: what was done is not done twice.
    """

    def __init__(self, address: str, token: str, tries: int = 4) -> None:
        self.base, self.token, self.tries = f"{address.rstrip('/')}/api/v1", token, tries

    def me(self) -> dict[str, Any]:
        """For whom the token acts."""
        return self.call("GET", "/me")

    def organisations(self, **asked: str) -> Iterator[dict[str, Any]]:
        """Every organisation within the token's reach; ``q``, ``kind`` and ``district`` narrow them."""
        yield from self.pages("/organisations", **asked)

    def register_organisation(self, key: str = "", **facts: Any) -> dict[str, Any]:
        """A new organisation; raises KehengError with everything wrong."""
        return self.call("POST", "/organisations", facts, key)

    def cases(self) -> Iterator[dict[str, Any]]:
        """Cases of the unit that the token acts for, the latest first."""
        yield from self.pages("/cases")

    def apply(self, matter: str, answers: dict[str, Any], key: str = "") -> dict[str, Any]:
        """A new application with these answers, not handed in yet; ``lacking`` in it is all that is still to be done."""
        return self.call("POST", "/cases", {"matter": matter, "answers": answers}, key)

    def pages(self, path: str, **asked: str) -> Iterator[dict[str, Any]]:
        """Rows of a list, page after page."""
        cursor = ""
        while True:
            page = self.call("GET", f"{path}?{urllib.parse.urlencode({'limit': 100, 'cursor': cursor, **asked})}")
            yield from page["items"]
            if page["next"] is None:
                return
            cursor = page["next"]

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """One operation. Waits where the API asks to, and asks again when no whole answer came.

        Raises KehengError for a refusal, OSError or http.client.HTTPException when it cannot be reached.
        """
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if method != "GET":
            headers |= {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}{path}", data, headers, method=method)
        for left in reversed(range(self.tries)):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    text = answer.read()
                return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                if not left or (error.code != 429 and error.code < 500):
                    raise KehengError(error.code, _problem(error)) from error
                time.sleep(float(error.headers.get("Retry-After") or 1))
            # No answer, or half of one: whether it was done is not known, the key makes asking again safe.
            except (OSError, http.client.HTTPException):
                if not left:
                    raise
                time.sleep(1)
        raise AssertionError("the last try returns or raises")


def heard(secret: str, signature: str, body: bytes, within: int = 300) -> dict[str, Any] | None:
    """The event of a webhook's request, or None when it is not Keheng's or too old. ``signature`` is the header Keheng-Signature."""
    moment, _, told = signature.removeprefix("t=").partition(",v1=")
    if not signature.isascii() or not moment.isdecimal() or abs(time.time() - int(moment)) > within:
        return None
    own = hmac.new(secret.encode(), moment.encode() + b"." + body, "sha256").hexdigest()
    if not hmac.compare_digest(own, told):
        return None
    event: dict[str, Any] = json.loads(body)
    return event


def _problem(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(error.read())
    except ValueError:
        return {"title": error.reason}
    return told


if __name__ == "__main__":
    print(json.dumps(Keheng(sys.argv[1], sys.argv[2]).me(), ensure_ascii=False, indent=2))
