"""Serves one AWS double on a free loopback port until standard input closes.

    python serve.py moto | ministack | microburst --upstream URL

Prints `ready URL` once it answers. The parent holds the other end of standard input: when the parent
ends, however it ends, the pipe closes and so does this process. No orphan is left behind.
"""

import http.client
import json
import os
import socket
import sys
import threading
import time

READY_WITHIN_S = 90
POLL_S = 0.05
# Only the announcement goes to the parent: a server's own words go to standard error.
ANNOUNCE = os.dup(1)
os.dup2(2, 1)


def end_with_parent():
    while os.read(0, 4096):
        pass
    os._exit(0)


def say_ready(port):
    os.write(ANNOUNCE, f"ready http://127.0.0.1:{port}\n".encode())


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def announce_when_ready(port, path):
    for _ in range(int(READY_WITHIN_S / POLL_S)):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
            say_ready(port)
            return
        except OSError:
            time.sleep(POLL_S)
    print(f"no answer on port {port} within {READY_WITHIN_S} s", file=sys.stderr, flush=True)
    os._exit(1)


def with_state_setter(application):
    """moto finishes every job at once; this sets attributes of its own objects, so that a job can also
    be running, or have failed an hour ago.

    POST /set-state {"service", "account", "region", "set": [{"path": ["training_jobs", NAME], "to": {...}}]}
    A step of a path is an attribute or a key; a value {"timestamp": SECONDS} becomes a datetime.
    """
    from datetime import datetime, timezone

    from moto.backends import get_backend

    def value_of(given):
        if isinstance(given, dict) and set(given) == {"timestamp"}:
            return datetime.fromtimestamp(given["timestamp"], timezone.utc).replace(tzinfo=None)
        return given

    def set_state(order):
        target = get_backend(order["service"])[order["account"]][order["region"]]
        for change in order["set"]:
            node = target
            for step in change["path"]:
                node = node[step] if isinstance(node, (dict, list)) else getattr(node, step)
            for name, given in change["to"].items():
                if isinstance(node, dict):
                    node[name] = value_of(given)
                elif hasattr(node, name) or change.get("new"):
                    setattr(node, name, value_of(given))
                else:
                    raise KeyError(f"{type(node).__name__} has no {name}")

    def handle(environ, start_response):
        if environ["PATH_INFO"] != "/set-state":
            return application(environ, start_response)
        try:
            set_state(json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
        except Exception as error:
            start_response("400 Bad Request", [("content-type", "text/plain")])
            return [f"{type(error).__name__}: {error}\n".encode()]
        start_response("204 No Content", [])
        return []

    return handle


def serve_moto():
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    class Quiet(MotoRequestHandler):
        def log(self, *_):
            pass

    application = with_state_setter(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    say_ready(server.server_port)
    server.serve_forever()


def serve_ministack():
    port = free_port()
    os.environ |= {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "LOG_LEVEL": "ERROR",
        "MINISTACK_ACCOUNT_ID": "123456789012",
        "MINISTACK_HOST": "127.0.0.1",
    }
    announce = threading.Thread(
        target=announce_when_ready, args=(port, "/_ministack/health"), daemon=True
    )
    announce.start()
    from ministack.app import main

    sys.argv = ["ministack"]
    main()


def serve_microburst(upstream):
    port = free_port()
    announce = threading.Thread(
        target=announce_when_ready, args=(port, "/_microburst/health"), daemon=True
    )
    announce.start()
    from microburst.cli import main

    sys.argv = ["microburst", "--host", "127.0.0.1", "--port", str(port), "--upstream", upstream]
    main()


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    match sys.argv[1:]:
        case ["moto"]:
            serve_moto()
        case ["ministack"]:
            serve_ministack()
        case ["microburst", "--upstream", url]:
            serve_microburst(url)
        case _:
            sys.exit(__doc__)
