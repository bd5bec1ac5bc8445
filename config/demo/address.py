"""The words of `./run demo`, and the address it shall serve.

The standard library only: the script `run` calls this file before there is any environment, so that
a port in use is told before anything is made.
"""

import argparse
import os
import socket
import sys


class CannotStart(Exception):
    """This machine, folder or port does not allow a start; the words name the remedy."""


def arguments() -> argparse.Namespace:
    """What was asked for; ends with code 2 and the usage when the words make no sense."""
    parser = argparse.ArgumentParser(prog="./run demo", description="Start Journeybook with a demo sponsor.")
    parser.add_argument("--port", type=int, default=8000, help="default 8000; 0 takes any free one")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; default 127.0.0.1, this machine only")
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier demo kept and start anew")
    parser.add_argument("--once", action="store_true", help="send one record through the worker, then stop")
    return parser.parse_args()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; CannotStart when the port or host cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except OverflowError as error:
        raise CannotStart(f"{port} is no port. Try: ./run demo --port 8001") from error
    except OSError as error:
        another = port + 1 if 1024 <= port < 65535 else 8001
        raise CannotStart(
            f"cannot listen on port {port} of {host} ({os.strerror(error.errno or 0)}). "
            f"Try: ./run demo --port {another}"
        ) from error


def main() -> int:
    options = arguments()
    try:
        listen(options.host, options.port).close()
    except CannotStart as error:
        sys.stderr.write(f"journeybook: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
