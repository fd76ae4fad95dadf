"""Stands in for curl where there is none: the few options that the documents use."""

import sys
import urllib.error
import urllib.request


def main(arguments: list[str]) -> int:
    """Send one request and print the answer, whatever its status."""
    headers: dict[str, str] = {}
    url, body = "", None
    words = iter(arguments)
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(":")
                headers[name.strip()] = value.strip()
            case "-d":
                body = next(words).encode()
            case "-s" | "-S" | "-sS":
                pass
            case _ if word.startswith("-"):
                sys.stderr.write(f"curl: the stand-in does not know {word}\n")
                return 2
            case _:
                url = word
    request = urllib.request.Request(url, body, headers, method="POST" if body is not None else "GET")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            sys.stdout.write(answer.read().decode())
    except urllib.error.HTTPError as refused:
        sys.stdout.write(refused.read().decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
