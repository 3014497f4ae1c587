/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inodes of the image that the host knows of. Each is kept by a descriptor
 * (O_PATH) for as long as the host remembers it.
 */
#ifndef LKLFUSE_NODE_H
#define LKLFUSE_NODE_H

#include "lklfuse.h"

/* A name under which the host has looked a node up. */
struct node_name {
	struct node_name *next;
	unsigned long parent_dev, parent_ino;
	char text[];
};

/**
 * struct node - an inode
 * @fd: O_PATH descriptor.
 * @dev, @ino: identity inside.
 * @directory: whether it is one.
 * @lookups: how often the host was told of it, less what it has forgotten.
 * @opened: open files of the host.
 * @names: where it was found.
 * @bucket: next of the same hash.
 * @older, @younger: in the order in which the host was first told.
 */
struct node {
	int fd;
	unsigned long dev, ino;
	bool directory;
	unsigned long lookups;
	unsigned long opened;
	struct node_name *names;
	struct node *bucket;
	struct node *older, *younger;
};

/**
 * nodes_start() - opens the root
 * @path: where the image is mounted inside.
 * @limit: number of nodes from which on the host is asked to forget some.
 *
 * Return: 0 or a negative errno.
 */
int nodes_start(const char *path, unsigned long limit);

/** nodes_end() - closes all descriptors */
void nodes_end(void);

/** node_of() - the node of an inode number of libfuse */
struct node *node_of(fuse_ino_t number);

/** node_fd() - its descriptor */
static inline int node_fd(fuse_ino_t number)
{
	return node_of(number)->fd;
}

/**
 * node_enter() - tells the host of an inode
 * @parent: directory in which it was found.
 * @name: its name there.
 * @entry: filled.
 *
 * Return: 0 or a negative errno.
 */
int node_enter(fuse_ino_t parent, const char *name,
	       struct fuse_entry_param *entry);

/** node_stat() - fills attributes. Return: 0 or a negative errno. */
int node_stat(int fd, struct stat *attr);

/**
 * node_timeout() - how long the host may trust attributes
 *
 * Not where there are set-id bits, which a write takes away inside.
 */
double node_timeout(const struct stat *attr);

/** node_forget() - the host has forgotten @count of its lookups */
void node_forget(fuse_ino_t number, unsigned long count);

/** node_opened() - counts an open file (+1) or its end (-1) */
void node_opened(fuse_ino_t number, int by);

/** node_path() - a path to the inode itself, for calls that take only paths */
#define NODE_PATH_BYTES 32
const char *node_path(int fd, char *buf);

/**
 * nodes_trim() - asks the host to forget nodes while there are too many
 *
 * Only names of files that are not open. To be called by a thread that serves
 * no request.
 */
void nodes_trim(void);

#endif
