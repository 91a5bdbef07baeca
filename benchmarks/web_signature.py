"""Who signs certificates of load, and whether one is as it was signed.

``python benchmarks/web_signature.py FILE…`` checks certificates: the signature, the signer against ``results/signers.json``, and that
the build had no edits of its own. Exit code 1 when one does not hold. A signer is an Ed25519 key, kept outside of the repository in
``KEHENG_SIGNER`` (a file; ``~/.config/keheng/signer.pem`` without it) and made where there is none.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

SIGNERS = Path(__file__).resolve().parent / "results" / "signers.json"


def _key() -> Ed25519PrivateKey:
    path = Path(os.environ.get("KEHENG_SIGNER", Path.home() / ".config" / "keheng" / "signer.pem"))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate()
        path.touch(mode=0o600)
        path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return made
    found = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(found, Ed25519PrivateKey):
        raise SystemExit(f"{path}: no Ed25519 key")
    return found


def _text(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


def signed(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its signer's public key and the signature over all of it, both in hexadecimal."""
    key = _key()
    named = {**body, "signer": key.public_key().public_bytes_raw().hex()}
    return {**named, "signature": key.sign(_text(named)).hex()}


def flaws(paper: dict[str, Any], signers: dict[str, str]) -> list[str]:
    """What is wrong with a certificate; nothing for one that holds. ``signers``: public keys with whose they are."""
    body = {name: value for name, value in paper.items() if name != "signature"}
    found = [] if paper.get("signer") in signers else ["the signer is not known"]
    if paper.get("circumstances", {}).get("build_changed") is not False:
        found.append("the build had edits of its own")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(paper["signer"])).verify(bytes.fromhex(paper["signature"]), _text(body))
    except (KeyError, ValueError, InvalidSignature):
        found.append("it is not as it was signed")
    return found


def main() -> int:
    """Check the files that are named."""
    signers, wrong = json.loads(SIGNERS.read_text(encoding="utf-8")), 0
    for name in sys.argv[1:]:
        found = flaws(json.loads(Path(name).read_text(encoding="utf-8")), signers)
        wrong += bool(found)
        print(f"{name}: {'; '.join(found) or 'holds'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
