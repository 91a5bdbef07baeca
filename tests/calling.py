"""Calls to the API."""

import json

from django.test import Client


class Caller:
    """Calls the API as a program does."""

    def __init__(self, token=""):
        self.client, self.token, self.number = Client(), token, 0

    def __call__(self, method, path, body=None, key=None, **headers):
        self.number += 1
        asked = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method != "GET":
            asked["Idempotency-Key"] = key or f"key-{self.number:08}"
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return self.client.generic(
            method,
            f"/api/v1{path}",
            sent.get("data", ""),
            content_type=sent.get("content_type", "application/json"),
            headers=asked | headers,
        )
