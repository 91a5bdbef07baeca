"""Short messages to people, SMS or mail: a plugin point, since every city has a gateway of its own."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable
from uuid import uuid4

from django.conf import settings

from keheng.kernel.plugins import Point, declare, provide


@runtime_checkable
class Messenger(Protocol):
    """Hands a message over to a gateway; called by a job, so that a failure (any exception) is tried again."""

    def send(self, to: str, text: str) -> str:
        """Send a text to a phone number or an address; the gateway's reference of the message."""
        ...


class FileMessenger:
    """The default: writes each message to a file of its own, for installations without a gateway and for trials."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, to: str, text: str) -> str:
        """Write the message; its reference is the name of the file."""
        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        moment = datetime.now(UTC)
        reference = f"{moment:%Y%m%dT%H%M%S}-{uuid4().hex}"
        path = self.folder / f"{reference}.json"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"at": moment.isoformat(timespec="seconds"), "to": to, "text": text}, file, ensure_ascii=False)
        return reference


MESSENGER = declare(Point("messenger", Messenger, "file"))  # type: ignore[type-abstract]  # a protocol is what a point is about
provide(MESSENGER, "file", lambda: FileMessenger(Path(settings.FILES_FOLDER).with_name("messages")))
