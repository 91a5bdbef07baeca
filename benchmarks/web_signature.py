"""Who signs certificates of load, and whether one is as it was signed.

``python benchmarks/web_signature.py FILE…`` checks certificates: the signature, the signer against those of its last day in
``definitions/performance/certificates.json``, and that the build had no edits of its own. Exit code 1 when one does not hold. A signer is
an Ed25519 key, kept outside of the repository in ``KEHENG_SIGNER`` (a file; ``~/.config/keheng/signer.pem`` without it) and made where
there is none.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
from keheng.performance.rules.certificates import days_of, flaws, signed_text, signers_on


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


def signed(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its signer's public key and the signature over all of it, both in hexadecimal."""
    key = _key()
    named = {**body, "signer": key.public_key().public_bytes_raw().hex()}
    return {**named, "signature": key.sign(signed_text(named)).hex()}


def main() -> int:
    """Check the files that are named."""
    wrong = 0
    for name in sys.argv[1:]:
        paper = json.loads(Path(name).read_text(encoding="utf-8"))
        found = flaws(paper, signers_on(days_of(paper)[1]))
        wrong += bool(found)
        print(f"{name}: {'; '.join(found) or 'holds'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
