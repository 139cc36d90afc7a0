/* pjproject 2.17 as minwon's SIP workers need it: hundreds of calls in one process, and no packet that ends it.
 * The numbers were measured: docs/pjsua2.md. */

/* A joined call has two legs, a conference three, a supervised call one more. One core carries about 250 joined calls,
 * so more would not help. */
#define PJSUA_MAX_CALLS 512

/* One account per SRTP mode and registration; pjproject's own 8 leave no room for members of a hunt group. */
#define PJSUA_MAX_ACC 64

/* Each leg has its own port in the conference bridge and a headset, our tap and our prompts. */
#define PJSUA_MAX_CONF_PORTS 2048
#define PJSUA_MAX_PLAYERS 512
#define PJSUA_MAX_RECORDERS 512

/* Sockets: RTP and RTCP of each leg, SIP, TCP and TLS connections; closed ones stay in the table for half a second. */
#define PJ_IOQUEUE_MAX_HANDLES 4096

/* Wait for readable sockets and nothing else. EPOLLEXCLUSIVE and EPOLLONESHOT, the default, are for several threads that
 * wait for the same socket: with one thread they only cost system calls, four more for every packet. */
#define PJ_IOQUEUE_DEFAULT_EPOLL_FLAGS 0

/* Tables of a flood: 1,000 INVITEs a second are refused before they get here, but their answers' timers are not free. */
#define PJSIP_MAX_TSX_COUNT 16383
#define PJSIP_MAX_DIALOG_COUNT 8191
#define PJSIP_MAX_TRANSPORTS 1024

/* A burst of datagrams waits in the kernel instead of being lost. */
#define PJSIP_UDP_SO_RCVBUF_SIZE 4194304

/* SIPREC metadata and long SDPs are larger than pjproject's own 4,000 bytes. */
#define PJSIP_MAX_PKT_LEN 16000

/* Assertions are compiled out (-DNDEBUG): these checks take their place and return an error instead of aborting. */
#define PJ_ENABLE_EXTRA_CHECK 1

#define PJMEDIA_HAS_VIDEO 0
