// SPDX-License-Identifier: GPL-2.0-only
/* The inodes that the host knows of, in a hash table by identity. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <lkl/linux/fcntl.h>
#include "node.h"

#define BUCKETS 65536	/* a power of two */
#define TRIM_AT_ONCE 256

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct node *buckets[BUCKETS];
static struct node root;
static struct node *oldest, *youngest;
static unsigned long count, most;

static struct node **bucket_of(unsigned long dev, unsigned long ino)
{
	return &buckets[(ino * 0x9e3779b97f4a7c15UL ^ dev) >> 16 &
			(BUCKETS - 1)];
}

static struct node *find(unsigned long dev, unsigned long ino)
{
	struct node *node = *bucket_of(dev, ino);

	while (node && (node->ino != ino || node->dev != dev))
		node = node->bucket;
	return node;
}

static void append(struct node *node)
{
	node->older = youngest;
	node->younger = NULL;
	if (youngest)
		youngest->younger = node;
	else
		oldest = node;
	youngest = node;
}

static void unchain(struct node *node)
{
	if (node->older)
		node->older->younger = node->younger;
	else
		oldest = node->younger;
	if (node->younger)
		node->younger->older = node->older;
	else
		youngest = node->older;
}

static void insert(struct node *node)
{
	struct node **bucket = bucket_of(node->dev, node->ino);

	node->bucket = *bucket;
	*bucket = node;
	append(node);
	count++;
}

static void take_out(struct node *node)
{
	struct node **at = bucket_of(node->dev, node->ino);

	while (*at != node)
		at = &(*at)->bucket;
	*at = node->bucket;
	unchain(node);
	count--;
}

static void free_node(struct node *node)
{
	struct node_name *name;

	while ((name = node->names)) {
		node->names = name->next;
		free(name);
	}
	lkl_sys_close(node->fd);
	free(node);
}

static long stat_fd(int fd, struct lkl_stat *st)
{
	return lkl_sys_newfstatat(fd, "", st, LKL_AT_EMPTY_PATH);
}

/*
 * The subvolumes of a file system have devices of their own, with the same
 * numbers in each: for the host they are one.
 */
static unsigned long public_number(unsigned long dev, unsigned long ino)
{
	return ino ^ (dev - root.dev) << 40;
}

static void fill(const struct lkl_stat *st, struct stat *attr)
{
	to_host_stat(st, attr);
	attr->st_ino = public_number(st->st_dev, st->st_ino);
}

int node_stat(int fd, struct stat *attr)
{
	struct lkl_stat st;
	long err = stat_fd(fd, &st);

	if (!err)
		fill(&st, attr);
	return err;
}

double node_timeout(const struct stat *attr)
{
	return S_ISREG(attr->st_mode) && attr->st_mode & (S_ISUID | S_ISGID) ?
	       0 : mounted.timeout;
}

struct node *node_of(fuse_ino_t number)
{
	return number == FUSE_ROOT_ID ? &root : (struct node *)number;
}

const char *node_path(int fd, char *buf)
{
	snprintf(buf, NODE_PATH_BYTES, "/proc/self/fd/%d", fd);
	return buf;
}

/* Without memory for a name the node is merely kept longer. */
static void add_name(struct node *node, const struct node *parent,
		     const char *text)
{
	struct node_name *name;

	for (name = node->names; name; name = name->next)
		if (name->parent_ino == parent->ino &&
		    name->parent_dev == parent->dev &&
		    !strcmp(name->text, text))
			return;
	name = malloc(sizeof(*name) + strlen(text) + 1);
	if (!name)
		return;
	name->parent_dev = parent->dev;
	name->parent_ino = parent->ino;
	strcpy(name->text, text);
	name->next = node->names;
	node->names = name;
}

static struct node *make_node(int fd, const struct lkl_stat *st)
{
	struct node *node = calloc(1, sizeof(*node));

	if (node) {
		node->fd = fd;
		node->dev = st->st_dev;
		node->ino = st->st_ino;
		node->directory = (st->st_mode & LKL_S_IFMT) == LKL_S_IFDIR;
	}
	return node;
}

int node_enter(fuse_ino_t parent, const char *name,
	       struct fuse_entry_param *entry)
{
	struct node *directory = node_of(parent), *node, *made;
	bool too_many;
	struct lkl_stat st;
	long err, fd;

	fd = lkl_sys_openat(directory->fd, name, LKL_O_PATH | LKL_O_NOFOLLOW |
			    LKL_O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	err = stat_fd(fd, &st);
	made = err ? NULL : make_node(fd, &st);
	if (!made) {
		lkl_sys_close(fd);
		return err ? err : -LKL_ENOMEM;
	}

	pthread_mutex_lock(&lock);
	node = find(made->dev, made->ino);
	if (!node) {
		node = made;
		insert(node);
	}
	node->lookups++;
	if (!node->directory)
		add_name(node, directory, name);
	too_many = count > most;
	pthread_mutex_unlock(&lock);

	if (node != made)
		free_node(made);
	if (too_many)
		housekeeping_wake();

	memset(entry, 0, sizeof(*entry));
	entry->ino = (fuse_ino_t)node;
	entry->entry_timeout = mounted.timeout;
	fill(&st, &entry->attr);
	entry->attr_timeout = node_timeout(&entry->attr);
	return 0;
}

void node_forget(fuse_ino_t number, unsigned long forgotten)
{
	struct node *node = node_of(number);
	bool gone;

	if (node == &root)
		return;
	pthread_mutex_lock(&lock);
	node->lookups -= forgotten;
	gone = !node->lookups;
	if (gone)
		take_out(node);
	pthread_mutex_unlock(&lock);
	if (gone)
		free_node(node);
}

void node_opened(fuse_ino_t number, int by)
{
	pthread_mutex_lock(&lock);
	node_of(number)->opened += by;
	pthread_mutex_unlock(&lock);
}

int nodes_start(const char *path, unsigned long limit)
{
	struct lkl_stat st;
	long err, fd;

	fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_PATH | LKL_O_DIRECTORY |
			    LKL_O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	err = stat_fd(fd, &st);
	if (err) {
		lkl_sys_close(fd);
		return err;
	}
	root = (struct node){
		.fd = fd,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.directory = true,
		.lookups = 1,
	};
	insert(&root);
	most = limit;
	return 0;
}

void nodes_end(void)
{
	struct node *node;

	take_out(&root);
	lkl_sys_close(root.fd);
	while ((node = oldest)) {
		take_out(node);
		free_node(node);
	}
}

/* A name to be forgotten; its directory is held by a lookup. */
struct victim {
	fuse_ino_t parent;
	char *name;
};

static fuse_ino_t number_of(struct node *node)
{
	return node == &root ? FUSE_ROOT_ID : (fuse_ino_t)node;
}

/*
 * Moves the names of a node to @victims. Those whose directory the host does
 * not know any more it does not know either.
 */
static int take_names(struct node *node, struct victim *victims, int room)
{
	struct node_name *name;
	struct node *parent;
	int n = 0;

	while (n < room && (name = node->names)) {
		parent = find(name->parent_dev, name->parent_ino);
		node->names = name->next;
		if (parent) {
			victims[n].name = strdup(name->text);
			victims[n].parent = number_of(parent);
			if (victims[n].name) {
				parent->lookups++;
				n++;
			}
		}
		free(name);
	}
	return n;
}

/* Of the oldest nodes; those that stay are looked at again last. */
static int choose(struct victim *victims)
{
	unsigned long looked_at = 0;
	struct node *node;
	int n = 0;

	while (n < TRIM_AT_ONCE && looked_at++ < count && (node = oldest)) {
		unchain(node);
		append(node);
		if (!node->directory && !node->opened)
			n += take_names(node, victims + n, TRIM_AT_ONCE - n);
	}
	return n;
}

/*
 * A name that now means another inode is forgotten in vain, which does no harm
 * unless it is a directory, in which somebody may be.
 */
static bool is_directory(const struct victim *victim)
{
	struct lkl_stat st;
	long err = lkl_sys_newfstatat(node_fd(victim->parent), victim->name,
				      &st, LKL_AT_SYMLINK_NOFOLLOW);

	return !err && (st.st_mode & LKL_S_IFMT) == LKL_S_IFDIR;
}

void nodes_trim(void)
{
	struct victim victims[TRIM_AT_ONCE];
	unsigned long goal = most - most / 8, rounds;
	int i, n;

	for (rounds = most / TRIM_AT_ONCE + 1; rounds; rounds--) {
		pthread_mutex_lock(&lock);
		n = count > goal ? choose(victims) : 0;
		pthread_mutex_unlock(&lock);
		if (!n)
			return;
		for (i = 0; i < n; i++) {
			if (!is_directory(&victims[i]))
				fuse_lowlevel_notify_inval_entry(
					mounted.session, victims[i].parent,
					victims[i].name,
					strlen(victims[i].name));
			node_forget(victims[i].parent, 1);
			free(victims[i].name);
		}
	}
}
