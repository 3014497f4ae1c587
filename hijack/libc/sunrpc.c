// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sun RPC as old programs have it from libc itself. It makes its sockets and
 * talks on them inside libc, long after the function that made them; what
 * programs use today, libtirpc, goes through our names. So these fail.
 */
#include "libc.h"

/* <rpc/clnt.h>: RPC_FAILED; <rpc/xdr.h>: FALSE. */
enum { RPC_FAILED = 16, RPC_FALSE = 0 };

#define FAILS(type, name, value)					\
EXPORT type name(void);							\
EXPORT type name(void)							\
{									\
	errno = ENOSYS;							\
	return value;							\
}

FAILS(void *, clnt_create, NULL)
FAILS(void *, clnttcp_create, NULL)
FAILS(void *, clntudp_create, NULL)
FAILS(void *, clntudp_bufcreate, NULL)
FAILS(void *, svctcp_create, NULL)
FAILS(void *, svcudp_create, NULL)
FAILS(void *, svcudp_bufcreate, NULL)
FAILS(void *, pmap_getmaps, NULL)
FAILS(int, svc_register, RPC_FALSE)
FAILS(int, pmap_set, RPC_FALSE)
FAILS(int, pmap_unset, RPC_FALSE)
FAILS(unsigned short, pmap_getport, 0)
FAILS(int, getrpcport, 0)
FAILS(int, callrpc, RPC_FAILED)
FAILS(int, clnt_broadcast, RPC_FAILED)
FAILS(int, pmap_rmtcall, RPC_FAILED)
FAILS(int, registerrpc, -1)
FAILS(int, rtime, -1)

EXPORT void svc_unregister(void);
EXPORT void svc_unregister(void)
{
}

EXPORT void get_myaddress(void);
EXPORT void get_myaddress(void)
{
	errno = ENOSYS;
}
