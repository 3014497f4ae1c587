// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that make calls inside libc, where no symbol of ours is asked:
 * what they do about the network is caught by sud.h. A service of the host's
 * that would look names up for them (nscd(8)) is not there.
 */
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include "libc.h"
#include "sud.h"

#undef res_query
#undef res_querydomain
#undef res_nquerydomain
#undef res_search
#undef res_nquery
#undef res_nsearch
#undef res_send
#undef res_nsend

int res_querydomain(const char *name, const char *domain, int class, int type,
		    unsigned char *answer, int len);
int res_nquerydomain(res_state state, const char *name, const char *domain,
		     int class, int type, unsigned char *answer, int len);
int bindresvport(int fd, struct sockaddr_in *addr);
int res_query(const char *name, int class, int type, unsigned char *answer,
	      int len);
int res_search(const char *name, int class, int type, unsigned char *answer,
	       int len);
int res_nquery(res_state state, const char *name, int class, int type,
	       unsigned char *answer, int len);
int res_nsearch(res_state state, const char *name, int class, int type,
		unsigned char *answer, int len);
int res_send(const unsigned char *query, int qlen, unsigned char *answer,
	     int len);
int res_nsend(res_state state, const unsigned char *query, int qlen,
	      unsigned char *answer, int len);

#define CAUGHT(type, name, params, ...)					\
EXPORT type name params							\
{									\
	__typeof__(&name) next = real(name);				\
	struct sud before;						\
	type ret;							\
									\
	sud_begin_lookup(&before);					\
	ret = next(__VA_ARGS__);					\
	sud_end(&before);						\
	return ret;							\
}

CAUGHT(int, getaddrinfo, (const char *node, const char *service,
			  const struct addrinfo *hints, struct addrinfo **res),
       node, service, hints, res)
CAUGHT(int, getnameinfo, (const struct sockaddr *addr, socklen_t addrlen,
			  char *host, socklen_t hostlen, char *serv,
			  socklen_t servlen, int flags),
       addr, addrlen, host, hostlen, serv, servlen, flags)
CAUGHT(struct hostent *, gethostbyname, (const char *name), name)
CAUGHT(struct hostent *, gethostbyname2, (const char *name, int family),
       name, family)
CAUGHT(struct hostent *, gethostbyaddr,
       (const void *addr, socklen_t len, int family), addr, len, family)
CAUGHT(int, gethostbyname_r, (const char *name, struct hostent *ret_buf,
			      char *buf, size_t len, struct hostent **res,
			      int *err), name, ret_buf, buf, len, res, err)
CAUGHT(int, gethostbyname2_r, (const char *name, int family,
			       struct hostent *ret_buf, char *buf, size_t len,
			       struct hostent **res, int *err),
       name, family, ret_buf, buf, len, res, err)
CAUGHT(int, gethostbyaddr_r, (const void *addr, socklen_t addrlen, int family,
			      struct hostent *ret_buf, char *buf, size_t len,
			      struct hostent **res, int *err),
       addr, addrlen, family, ret_buf, buf, len, res, err)
CAUGHT(int, getifaddrs, (struct ifaddrs **list), list)
CAUGHT(unsigned int, if_nametoindex, (const char *name), name)
CAUGHT(char *, if_indextoname, (unsigned int index, char name[IF_NAMESIZE]),
       index, name)
CAUGHT(struct if_nameindex *, if_nameindex, (void), )
CAUGHT(int, res_query, (const char *name, int class, int type,
			unsigned char *answer, int len),
       name, class, type, answer, len)
CAUGHT(int, res_search, (const char *name, int class, int type,
			 unsigned char *answer, int len),
       name, class, type, answer, len)
CAUGHT(int, res_nquery, (res_state state, const char *name, int class,
			 int type, unsigned char *answer, int len),
       state, name, class, type, answer, len)
CAUGHT(int, res_nsearch, (res_state state, const char *name, int class,
			  int type, unsigned char *answer, int len),
       state, name, class, type, answer, len)
CAUGHT(int, res_send, (const unsigned char *query, int qlen,
		       unsigned char *answer, int len),
       query, qlen, answer, len)
CAUGHT(int, res_nsend, (res_state state, const unsigned char *query, int qlen,
			unsigned char *answer, int len),
       state, query, qlen, answer, len)

CAUGHT(int, res_querydomain, (const char *name, const char *domain, int class,
			      int type, unsigned char *answer, int len),
       name, domain, class, type, answer, len)
CAUGHT(int, res_nquerydomain, (res_state state, const char *name,
			       const char *domain, int class, int type,
			       unsigned char *answer, int len),
       state, name, domain, class, type, answer, len)
CAUGHT(struct netent *, getnetbyname, (const char *name), name)
CAUGHT(struct netent *, getnetbyaddr, (uint32_t net, int type), net, type)
CAUGHT(int, getnetbyname_r, (const char *name, struct netent *ret_buf,
			     char *buf, size_t len, struct netent **res,
			     int *err), name, ret_buf, buf, len, res, err)
CAUGHT(int, getnetbyaddr_r, (uint32_t net, int type, struct netent *ret_buf,
			     char *buf, size_t len, struct netent **res,
			     int *err),
       net, type, ret_buf, buf, len, res, err)
/* It looks its own host name up. */
CAUGHT(long, gethostid, (void), )

CAUGHT(int, rcmd, (char **host, unsigned short port, const char *here,
		   const char *there, const char *command, int *err),
       host, port, here, there, command, err)
CAUGHT(int, rcmd_af, (char **host, unsigned short port, const char *here,
		      const char *there, const char *command, int *err,
		      sa_family_t family),
       host, port, here, there, command, err, family)
CAUGHT(int, rexec, (char **host, int port, const char *user,
		    const char *password, const char *command, int *err),
       host, port, user, password, command, err)
CAUGHT(int, rexec_af, (char **host, int port, const char *user,
		       const char *password, const char *command, int *err,
		       sa_family_t family),
       host, port, user, password, command, err, family)
CAUGHT(int, rresvport, (int *port), port)
CAUGHT(int, rresvport_af, (int *port, sa_family_t family), port, family)
CAUGHT(int, ruserok, (const char *host, int superuser, const char *there,
		      const char *here), host, superuser, there, here)
CAUGHT(int, ruserok_af, (const char *host, int superuser, const char *there,
			 const char *here, sa_family_t family),
       host, superuser, there, here, family)
CAUGHT(int, iruserok, (uint32_t addr, int superuser, const char *there,
		       const char *here), addr, superuser, there, here)
CAUGHT(int, iruserok_af, (const void *addr, int superuser, const char *there,
			  const char *here, sa_family_t family),
       addr, superuser, there, here, family)
CAUGHT(int, bindresvport, (int fd, struct sockaddr_in *addr), fd, addr)
CAUGHT(int, getipv4sourcefilter, (int fd, struct in_addr interface,
				  struct in_addr group, uint32_t *mode,
				  uint32_t *n, struct in_addr *list),
       fd, interface, group, mode, n, list)
CAUGHT(int, setipv4sourcefilter, (int fd, struct in_addr interface,
				  struct in_addr group, uint32_t mode,
				  uint32_t n, const struct in_addr *list),
       fd, interface, group, mode, n, list)
CAUGHT(int, getsourcefilter, (int fd, uint32_t interface,
			      const struct sockaddr *group, socklen_t len,
			      uint32_t *mode, uint32_t *n,
			      struct sockaddr_storage *list),
       fd, interface, group, len, mode, n, list)
CAUGHT(int, setsourcefilter, (int fd, uint32_t interface,
			      const struct sockaddr *group, socklen_t len,
			      uint32_t mode, uint32_t n,
			      const struct sockaddr_storage *list),
       fd, interface, group, len, mode, n, list)
