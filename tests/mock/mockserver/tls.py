# SPDX-License-Identifier: LGPL-3.0-or-later
"""A certificate authority for one run; imported only when it is needed."""

import os
import shutil
import ssl
import subprocess
import tempfile


def run_openssl(*arguments):
    """Runs openssl quietly; what it says on failure becomes the message."""
    done = subprocess.run(["openssl", *arguments], capture_output=True,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace"))


def make_certificates(folder):
    """Writes ca.pem and certificates for localhost and for a wrong name."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
           "-nodes", "-days", "30"]
    ca = os.path.join(folder, "ca.pem")
    ca_key = os.path.join(folder, "ca.key")
    run_openssl("req", "-x509", *key, "-keyout", ca_key, "-out", ca,
                "-subj", "/CN=Pentimento test CA",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    for name, names in (("localhost", "DNS:localhost,IP:127.0.0.1"),
                        ("wrong", "DNS:wrong.invalid")):
        base = os.path.join(folder, name)
        run_openssl("req", "-x509", *key, "-CA", ca, "-CAkey", ca_key,
                    "-keyout", base + ".key", "-out", base + ".pem",
                    "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=" + names,
                    "-addext", "basicConstraints=critical,CA:FALSE")
    return ca


def context(folder, name):
    """A server context with one of the certificates."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    base = os.path.join(folder, name)
    made.load_cert_chain(base + ".pem", base + ".key")
    return made


def new_folder():
    """A folder for certificates."""
    return tempfile.mkdtemp(prefix="pentimento-mock-")


def delete_folder(folder):
    """Deletes it."""
    shutil.rmtree(folder, ignore_errors=True)
