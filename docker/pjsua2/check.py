"""Whether a pjsua2 that was built is what minwon's SIP workers need; run with it on PYTHONPATH.

Prints one line, or says what is wrong and fails.
"""

from __future__ import annotations

import ctypes
import sys

import _pjsua2
import pjsua2

LEGS = 512
SYMBOLS = (  # those that telephony/sip_worker_*.py look up: strip must have left them
    "pj_log_set_level",
    "pjsip_endpt_get_tpmgr",
    "pjsip_endpt_register_module",
    "pjsip_endpt_respond_stateless",
    "pjsip_endpt_unregister_module",
    "pjsip_generic_string_hdr_create",
    "pjsip_msg_find_hdr_by_name",
    "pjsip_tls_transport_restart",
    "pjsip_tsx_set_timers",
    "pjsua_call_get_count",
    "pjsua_call_get_max_count",
    "pjsua_call_get_stream_stat",
    "pjsua_conf_connect",
    "pjsua_conf_disconnect",
    "pjsua_get_pjsip_endpt",
    "pjsua_pool_create",
)


def main() -> None:
    """Look the symbols up, make an endpoint, read its limits."""
    library = ctypes.CDLL(_pjsua2.__file__)
    gone = [symbol for symbol in SYMBOLS if not hasattr(library, symbol)]
    if gone:
        sys.exit(f"symbols are missing: {', '.join(gone)}")
    library.pj_log_set_level(0)
    endpoint = pjsua2.Endpoint()
    endpoint.libCreate()
    config = pjsua2.EpConfig()
    config.uaConfig.maxCalls = LEGS
    config.uaConfig.threadCnt = 0
    config.logConfig.level = config.logConfig.consoleLevel = 0
    endpoint.libInit(config)
    version, legs = endpoint.libVersion().full, library.pjsua_call_get_max_count()
    endpoint.libDestroy()
    if legs < LEGS:
        sys.exit(f"pjproject {version} carries {legs} legs instead of {LEGS}: config_site.h was not read")
    print(f"pjproject {version}, {legs} legs")


if __name__ == "__main__":
    main()
