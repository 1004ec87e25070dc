# SPDX-License-Identifier: LGPL-3.0-or-later
"""Jobs that fail in each service's own way, and ComfyUI's broken sockets."""

import concurrent.futures
import struct

from .client import b64, equal, form, png, true
from .forms import SOURCE, STABILITY, TOPAZ
from .hosted import BFL, GEMINI, LEGNEXT, REPLICATE, poll
from .jobs import FAL, SCHNELL, fal_result, submit
from .local import WebSocket, graph, history


def fail(server, service, name, variant=0):
    """The next job of a service fails."""
    server.script(service, {"error_class": name, "variant": variant})


def check_fal(server):
    """An error in place of the output."""
    body = {"prompt": "a", "image_size": "square"}
    fail(server, "fal", "content-filter", 2)
    answer = fal_result(server, "fal-ai/flux/schnell", body)
    equal((answer.status, answer.json["detail"][0]["type"]),
          (422, "content_policy_violation"))
    fail(server, "fal", "credits", 3)
    answer = server.call("POST", "/fal/run/fal-ai/flux/schnell", body, FAL)
    equal(answer.status, 403)
    true("Exhausted" in answer.json["detail"])


def check_jobs(server):
    """Every class that a job can fail with."""
    for name, variant in (("content-filter", 2), ("timeout", 2),
                          ("server", 3), ("server", 4)):
        fail(server, "jobs", name, variant)
        job = submit(server, "flux_schnell", SCHNELL).json
        equal((job["status"], job["done"]), ("failed", True))
        true(job["error"])


def check_hosted(server):
    """Legnext, Gemini, BFL, Replicate."""
    fail(server, "legnext", "server", 2)
    answer = server.call("POST", "/legnext/api/v1/diffusion", {"text": "a"},
                         LEGNEXT).json
    answer = poll(server, "/legnext/api/v1/job/" + answer["job_id"], LEGNEXT,
                  ("failed",))
    equal(answer["error"]["code"], 500)
    fail(server, "gemini", "server", 2)
    answer = server.call(
        "POST", "/gemini/v1beta/models/gemini-2.5-flash-image:generateContent",
        {"contents": [{"parts": [{"text": "a"}]}]}, GEMINI).json
    equal(answer["candidates"][0]["finishReason"], "NO_IMAGE")
    fail(server, "bfl", "server", 2)
    answer = server.call("POST", "/bfl/v1/flux-2-pro", {"prompt": "a"}, BFL)
    poll(server, answer.json["polling_url"], BFL, ("Error",))
    for name, variant, state in (("cancelled", 0, "aborted"),
                                 ("server", 2, "failed")):
        fail(server, "replicate", name, variant)
        answer = server.call("POST", "/replicate/v1/models/a/b/predictions",
                             {"input": {"prompt": "a"}}, REPLICATE).json
        poll(server, answer["urls"]["get"], REPLICATE, (state,))


def check_forms(server):
    """Topaz and Stability."""
    fail(server, "topaz", "server", 2)
    body, headers = form([("image", SOURCE), ("model", "CGI")])
    answer = server.call("POST", "/topaz/image/v1/enhance/async", body,
                         {**headers, **TOPAZ}).json
    poll(server, "/topaz/image/v1/status/" + answer["process_id"], TOPAZ,
         ("Failed",))
    fail(server, "stability", "server", 1)
    body, headers = form([("prompt", "a")])
    answer = server.call("POST", "/stability/v2beta/stable-image/generate/core",
                         body, {**headers, **STABILITY, "Accept": "image/*"})
    equal((answer.status, answer.json["name"]), (500, "internal_error"))


def check_local(server):
    """sdapi answers at once; sd-server and ComfyUI when they are asked."""
    server.script("sdapi", "fails")
    body = {"prompt": "a", "width": 64, "height": 64}
    answer = server.call("POST", "/sdapi/sdapi/v1/txt2img", body)
    equal(answer.json["error"], "OutOfMemoryError")
    fail(server, "sdserver", "server", 1)
    answer = server.call("POST", "/sdserver/sdcpp/v1/img_gen", body).json
    answer = poll(server, answer["poll_url"], {}, ("failed",))
    equal(answer["error"]["code"], "generation_failed")
    fail(server, "comfyui", "server", 0)
    answer = server.call("POST", "/comfy/prompt", {"prompt": graph()}).json
    entry = history(server, answer["prompt_id"])
    name, said = entry["status"]["messages"][-1]
    equal((name, said["node_type"]), ("execution_error", "KSampler"))
    true("memory" in said["exception_message"])
    equal(server.control("violations"), [])


def messages(server, fault):
    """Raw bytes that a socket gets during one prompt."""
    server.script("comfyui", fault)
    ws = WebSocket(server, "/comfy/ws?clientId=me")
    answer = server.call("POST", "/comfy/prompt", {
        "prompt": graph(), "client_id": "me"}).json
    history(server, answer["prompt_id"])
    ws.sock.settimeout(0.3)
    data = b""
    try:
        while piece := ws.file.read1(1 << 16):
            data += piece
        data += b"<end>"
    except OSError:
        pass
    ws.close()
    return data


def check_sockets(server):
    """Dropped, silent, fragmented, with pings, with nonsense."""
    data = messages(server, {"kind": "ws-drop", "after": 2})
    true(data.endswith(b"<end>"), data)
    equal(data.count(b'{"type"'), 2)
    equal(messages(server, "ws-stall"), b"")
    true(b"\x89\x0cstill there?\x81" in messages(server, "ws-ping"))
    true(b"\x89\x00\x00" in messages(server, "ws-fragment"))
    for variant, part in enumerate((b"\x81\x09{not json", b"\x82\x7f\x7f\xff",
                                    b"\x8b\x08reserved", b"\x81\x03\xff")):
        true(part in messages(server, {"kind": "ws-garbage",
                                       "variant": variant}), variant)


def check_socket_strict(server):
    """A handshake without a key; a frame without a mask."""
    answer = server.call("GET", "/comfy/ws?clientId=a")
    equal(answer.status, 400)
    ws = WebSocket(server, "/comfy/ws?clientId=b")
    ws.read()
    ws.sock.sendall(struct.pack("BB", 0x81, 2) + b"hi")
    equal(ws.file.read(), b"")
    ws.close()
    equal(len(server.control("violations")), 2)


def check_many_at_once(server):
    """Connections in parallel."""
    body = {"prompt": "a", "width": 64, "height": 64, "batch_size": 2,
            "init_images": [b64(png(64, 64))]}
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: server.call(
            "POST", "/sdapi/sdapi/v1/img2img", body).status, range(20)))
    equal(set(answers), {200})
    equal(len(server.control("requests")), 20)
