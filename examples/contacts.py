#!/usr/bin/env python3
"""List contacts, newest first, through all pages; with a contact's id, save it as a vCon.

    export MINWON_URL=https://120.city.example MINWON_TOKEN=mw_...    # scopes: contacts:read, records:read
    python3 contacts.py --since 2026-11-01 --department 민원여권과
    python3 contacts.py --vcon call-1a2b --reason "정보공개 청구 2026-118" > call-1a2b.vcon

Python's standard library alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

API = os.environ.get("MINWON_URL", "http://127.0.0.1:8090").rstrip("/") + "/api/v1"
TOKEN = os.environ.get("MINWON_TOKEN", "")


def get(path: str, **query: str) -> Any:
    """What the API answers. Waits when it says that we ask too often, and says in words what is wrong."""
    url = f"{API}/{path}?{urllib.parse.urlencode({name: value for name, value in query.items() if value})}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as fault:
            if fault.code == 429:
                time.sleep(int(fault.headers.get("Retry-After", "5")))
                continue
            problem = json.load(fault)  # RFC 9457
            sys.exit(f"{fault.code} {problem['code']}: {problem['detail']}")


def contacts(**filters: str) -> Iterator[dict[str, Any]]:
    """All that match, page by page."""
    before = ""
    while True:
        page = get("contacts", before=before, limit="200", **filters)
        yield from page["contacts"]
        before = page["next"]
        if not before:
            return


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description="Contacts of minwon.")
    for name in ("text", "since", "until", "channel", "department", "category", "result"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--vcon", metavar="CONTACT", default="", help="write that contact's vCon instead")
    parser.add_argument("--reason", default="", help="why it leaves the house")
    given = vars(parser.parse_args())
    contact, reason = given.pop("vcon"), given.pop("reason")
    if contact:
        json.dump(get(f"contacts/{urllib.parse.quote(contact)}/vcon", reason=reason), sys.stdout)
        return
    for one in contacts(**given):
        print(f"{one['began']}  {one['contact_id']}  {one['channel']:5}  {one['talk_s']:6.0f} s  {one['category']}")


if __name__ == "__main__":
    main()
