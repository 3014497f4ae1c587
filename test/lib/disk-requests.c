// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk does what its driver asks, and bears whatever a driver may ask. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../linux/lib/poll.h"
#include "../../linux/lib/virtio_blk.h"
#include "check.h"
#include "driver.h"
#include <lkl_host.h>

#define SECTORS 4096ULL
#define QUEUE 64
#define FEATURES							\
	(VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX |			\
	 VIRTIO_F_INDIRECT_DESC | VIRTIO_BLK_F_FLUSH)

static char path[] = "/tmp/lkl-test-XXXXXX";
static struct virtio_blk *blk;
static struct queue queue;
static int fd;			/* the test's own, of the image */

static void clean_up(void)
{
	unlink(path);
}

static void start(void)
{
	ram_reset();
	driver_start(&blk->dev, FEATURES, &queue, 1, QUEUE);
}

static void open_disk(bool read_only)
{
	static const struct failure failure;
	struct image image;

	CHECK_EQ(image_open(&image, path, read_only, 0, &failure), 0);
	CHECK_EQ(virtio_blk_create(&image, "serial", &blk), 0);
	start();
}

static void close_disk(void)
{
	virtio_blk_destroy(blk);
}

/* Waits for the next result. Return: bytes written by the device. */
static uint32_t wait_result(void)
{
	struct virtq_used_elem elem;

	while (!queue_take(&queue, &elem)) {
		poll_wait(LKL_POLL_INSIDE, LKL_NEVER);
		poll_dispatch();
	}
	return elem.len;
}

/* One request in the usual form. Return: its status. */
static int request(uint32_t type, uint64_t sector, void *data, uint32_t len,
		   bool in)
{
	struct virtio_blk_header *header = ram_get(sizeof(*header));
	uint8_t *status = ram_get(1);
	struct buffer b[3] = { { header, sizeof(*header), false } };
	unsigned int n = 1;

	*header = (struct virtio_blk_header){ .type = type, .sector = sector };
	*status = 0xee;
	if (len)
		b[n++] = (struct buffer){ data, len, in };
	b[n++] = (struct buffer){ status, 1, true };
	queue_add(&queue, b, n);
	queue_kick(&queue);
	CHECK_EQ(wait_result(), 1 + (in && !*status ? len : 0));
	return *status;
}

static int read_disk(uint64_t sector, void *data, uint32_t len)
{
	return request(VIRTIO_BLK_T_IN, sector, data, len, true);
}

static int write_disk(uint64_t sector, void *data, uint32_t len)
{
	return request(VIRTIO_BLK_T_OUT, sector, data, len, false);
}

static void test_configuration(void)
{
	uint64_t features = driver_offered(&blk->dev);

	CHECK_EQ(mmio_get(&blk->dev, MMIO_DEVICE_ID), 2);
	CHECK_EQ(mmio_get(&blk->dev, MMIO_CONFIG), SECTORS);
	CHECK_EQ(mmio_get(&blk->dev, MMIO_CONFIG + 4), 0);
	CHECK_EQ(mmio_get(&blk->dev, MMIO_CONFIG + 20), 512);	/* blk_size */
	CHECK(features & VIRTIO_BLK_F_FLUSH);
	CHECK(features & VIRTIO_BLK_F_DISCARD);
	CHECK(!(features & VIRTIO_BLK_F_RO));
}

static void test_transfers(void)
{
	char *data = ram_get(8192), back[8192];
	char *id = ram_get(VIRTIO_BLK_ID_BYTES);

	memset(data, 'a', 8192);
	CHECK_EQ(write_disk(7, data, 8192), VIRTIO_BLK_S_OK);
	CHECK_EQ(pread(fd, back, sizeof(back), 7 * 512), sizeof(back));
	CHECK(!memcmp(data, back, sizeof(back)));
	memset(data, 0, 8192);
	CHECK_EQ(read_disk(7, data, 8192), VIRTIO_BLK_S_OK);
	CHECK(!memcmp(data, back, sizeof(back)));
	CHECK_EQ(request(VIRTIO_BLK_T_FLUSH, 0, NULL, 0, false),
		 VIRTIO_BLK_S_OK);
	CHECK_EQ(request(VIRTIO_BLK_T_GET_ID, 0, id, VIRTIO_BLK_ID_BYTES, true),
		 VIRTIO_BLK_S_OK);
	CHECK(!strcmp(id, "serial"));

	/* The ends of the disk, and beyond. */
	CHECK_EQ(read_disk(SECTORS - 1, data, 512), VIRTIO_BLK_S_OK);
	CHECK_EQ(read_disk(SECTORS, data, 512), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(read_disk(SECTORS - 1, data, 1024), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(read_disk(UINT64_MAX, data, 512), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(read_disk(UINT64_MAX / 512 + 1, data, 512),
		 VIRTIO_BLK_S_IOERR);
	CHECK_EQ(write_disk(SECTORS, data, 512), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(read_disk(0, data, 511), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(read_disk(SECTORS, data, 0), VIRTIO_BLK_S_OK);
	CHECK_EQ(request(3, 0, data, 512, false), VIRTIO_BLK_S_UNSUPP);
	CHECK_EQ(request(0xffffffff, 0, NULL, 0, false), VIRTIO_BLK_S_UNSUPP);
}

/* Header, data and status in one or in many pieces (2.7.4.1). */
static void test_layouts(void)
{
	const unsigned int cuts[] = { 1, 3, 15, 17, 100, 528, 600 };
	struct buffer b[QUEUE];
	char back[512];
	char *whole;
	uint8_t *status;
	unsigned int i, n, at, cut;

	for (i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		ram_reset();
		start();
		whole = ram_get(16 + 512);
		status = ram_get(1);
		*status = 0xee;
		whole[0] = VIRTIO_BLK_T_OUT;
		whole[8] = 3;
		memset(whole + 16, '0' + i, 512);
		cut = cuts[i] < 16 ? cuts[i] : cuts[i] < 30 ? 17 : cuts[i];
		for (n = 0, at = 0; at < 528; n++) {
			unsigned int len = n < 12 && cut < 528 - at ? cut :
					   528 - at;

			b[n] = (struct buffer){ whole + at, len, false };
			at += len;
		}
		b[n++] = (struct buffer){ status, 1, true };
		queue_add_indirect(&queue, b, n);
		queue_kick(&queue);
		CHECK_EQ(wait_result(), 1);
		CHECK_EQ(*status, VIRTIO_BLK_S_OK);
		CHECK_EQ(pread(fd, back, 512, 3 * 512), 512);
		CHECK(!memcmp(back, whole + 16, 512));
	}

	/* Data and status in one buffer, behind it one of no length. */
	start();
	whole = ram_get(16);
	whole[8] = 3;
	status = ram_get(513);
	b[0] = (struct buffer){ whole, 16, false };
	b[1] = (struct buffer){ status, 513, true };
	b[2] = (struct buffer){ status, 0, true };
	queue_add(&queue, b, 3);
	queue_kick(&queue);
	CHECK_EQ(wait_result(), 513);
	CHECK_EQ(status[512], VIRTIO_BLK_S_OK);
	CHECK(!memcmp(back, status, 512));
}

static int range(uint32_t type, uint64_t sector, uint32_t sectors,
		 uint32_t flags)
{
	struct virtio_blk_range *r = ram_get(sizeof(*r));

	*r = (struct virtio_blk_range){ sector, sectors, flags };
	return request(type, 0, r, sizeof(*r), false);
}

static void test_ranges(void)
{
	const uint32_t discard = VIRTIO_BLK_T_DISCARD;
	const uint32_t zero = VIRTIO_BLK_T_WRITE_ZEROES;
	char *data = ram_get(65536), empty[512] = { 0 }, back[512];
	struct stat before, after;

	memset(data, 'z', 65536);
	CHECK_EQ(write_disk(1024, data, 65536), VIRTIO_BLK_S_OK);
	CHECK_EQ(request(VIRTIO_BLK_T_FLUSH, 0, NULL, 0, false),
		 VIRTIO_BLK_S_OK);
	fstat(fd, &before);
	CHECK_EQ(range(zero, 1025, 1, 0), VIRTIO_BLK_S_OK);
	CHECK_EQ(pread(fd, back, 512, 1025 * 512), 512);
	CHECK(!memcmp(back, empty, 512));
	CHECK_EQ(pread(fd, back, 512, 1026 * 512), 512);
	CHECK_EQ(back[0], 'z');
	CHECK_EQ(range(discard, 1024, 64, 0), VIRTIO_BLK_S_OK);
	CHECK_EQ(range(zero, 1088, 64, VIRTIO_BLK_RANGE_UNMAP),
		 VIRTIO_BLK_S_OK);
	fstat(fd, &after);
	CHECK_EQ(before.st_blocks - after.st_blocks, 128);
	CHECK_EQ(read_disk(1150, data, 512), VIRTIO_BLK_S_OK);
	CHECK(!memcmp(data, empty, 512));

	CHECK_EQ(range(discard, SECTORS - 1, 2, 0), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(range(zero, UINT64_MAX, UINT32_MAX, 0), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(range(discard, 0, 0, 0), VIRTIO_BLK_S_OK);
	CHECK_EQ(range(discard, 0, 1, 1), VIRTIO_BLK_S_UNSUPP);
	CHECK_EQ(range(zero, 0, 1, 2), VIRTIO_BLK_S_UNSUPP);
	CHECK_EQ(request(discard, 0, data, 17, false), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(request(discard, 0, NULL, 0, false), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(request(zero, 0, data, 15, true), VIRTIO_BLK_S_IOERR);
}

/* Many at a time, in any order of completion. */
static void test_parallel(void)
{
	struct virtio_blk_header *header[16];
	uint8_t *status[16];
	char *data[16], back[4096];
	unsigned int round, i;

	for (round = 0; round < 50; round++) {
		ram_reset();
		start();
		for (i = 0; i < 16; i++) {
			header[i] = ram_get(sizeof(**header));
			status[i] = ram_get(1);
			data[i] = ram_get(4096);
			*header[i] = (struct virtio_blk_header){
				.type = VIRTIO_BLK_T_OUT, .sector = 8 * i,
			};
			memset(data[i], round + i, 4096);
			*status[i] = 0xee;
			queue_add(&queue, (struct buffer[]){
				{ header[i], sizeof(**header), false },
				{ data[i], 4096, false },
				{ status[i], 1, true },
			}, 3);
		}
		queue_kick(&queue);
		for (i = 0; i < 16; i++)
			CHECK_EQ(wait_result(), 1);
		for (i = 0; i < 16; i++) {
			CHECK_EQ(*status[i], VIRTIO_BLK_S_OK);
			CHECK_EQ(pread(fd, back, 4096, 4096 * i), 4096);
			CHECK(!memcmp(back, data[i], 4096));
		}
	}
}

/* As many as there can be, and then once more. */
static void test_full(void)
{
	struct virtio_blk_header *header;
	unsigned int round, i;
	uint8_t *status;
	char *data;

	ram_reset();
	driver_start(&blk->dev, FEATURES, &queue, 1, VIRTIO_BLK_QUEUE);
	header = ram_get(sizeof(*header));
	header->type = VIRTIO_BLK_T_OUT;
	data = ram_get(512);
	status = ram_get(VIRTIO_BLK_QUEUE);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < VIRTIO_BLK_QUEUE; i++)
			queue_add_indirect(&queue, (struct buffer[]){
				{ header, sizeof(*header), false },
				{ data, 512, false },
				{ status + i, 1, true },
			}, 3);
		CHECK(queue_kick(&queue));
		for (i = 0; i < VIRTIO_BLK_QUEUE; i++)
			CHECK_EQ(wait_result(), 1);
	}
}

/* A reset while requests are under way: they end before the driver goes on. */
static void test_reset(void)
{
	struct virtio_blk_header *header;
	uint8_t *status;
	char *data;
	unsigned int i;

	for (i = 0; i < 50; i++) {
		start();
		header = ram_get(sizeof(*header));
		data = ram_get(65536);
		status = ram_get(1);
		header->type = VIRTIO_BLK_T_OUT;
		queue_add(&queue, (struct buffer[]){
			{ header, sizeof(*header), false },
			{ data, 65536, false },
			{ status, 1, true },
		}, 3);
		queue_kick(&queue);
		mmio_set(&blk->dev, MMIO_STATUS, 0);
	}
	start();
	CHECK_EQ(read_disk(0, ram_get(512), 512), VIRTIO_BLK_S_OK);
}

/* What the host refuses is an error of the request. */
static void test_host_errors(void)
{
	char *data = ram_get(8192), back[512];
	struct rlimit old, limit = { 512 * 1024, RLIM_INFINITY };

	/* A file that may not grow: the last part of the image is not there. */
	CHECK_EQ(ftruncate(fd, 512 * 1024), 0);
	CHECK_EQ(read_disk(2000, data, 512), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(read_disk(1020, data, 4096), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(read_disk(1020, data, 2048), VIRTIO_BLK_S_OK);
	getrlimit(RLIMIT_FSIZE, &old);
	limit.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
	CHECK_EQ(write_disk(2000, data, 512), VIRTIO_BLK_S_IOERR);
	memset(data, 'k', 8192);
	CHECK_EQ(write_disk(1020, data, 4096), VIRTIO_BLK_S_IOERR);
	setrlimit(RLIMIT_FSIZE, &old);
	CHECK_EQ(write_disk(1020, data, 4096), VIRTIO_BLK_S_OK);
	CHECK_EQ(pread(fd, back, 512, 1027 * 512), 512);
	CHECK_EQ(back[0], 'k');
	CHECK_EQ(ftruncate(fd, SECTORS * 512), 0);
}

static void test_read_only(void)
{
	char *data;
	struct stat before, after;

	fstat(fd, &before);
	open_disk(true);
	data = ram_get(512);
	CHECK(driver_offered(&blk->dev) & VIRTIO_BLK_F_RO);
	CHECK(!(driver_offered(&blk->dev) & VIRTIO_BLK_F_DISCARD));
	CHECK_EQ(read_disk(0, data, 512), VIRTIO_BLK_S_OK);
	CHECK_EQ(write_disk(0, data, 512), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(range(VIRTIO_BLK_T_DISCARD, 0, 8, 0), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(range(VIRTIO_BLK_T_WRITE_ZEROES, 0, 8, 0), VIRTIO_BLK_S_IOERR);
	CHECK_EQ(request(VIRTIO_BLK_T_FLUSH, 0, NULL, 0, false),
		 VIRTIO_BLK_S_OK);
	close_disk();
	fstat(fd, &after);
	CHECK_EQ(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);

	/* Not a multiple of 512 bytes: the rest reads as zeroes. */
	CHECK_EQ(ftruncate(fd, SECTORS * 512 - 100), 0);
	CHECK_EQ(pwrite(fd, "end", 3, SECTORS * 512 - 103), 3);
	open_disk(true);
	data = ram_get(1024);
	memset(data, 'x', 1024);
	CHECK_EQ(read_disk(SECTORS - 2, data, 1024), VIRTIO_BLK_S_OK);
	CHECK(!memcmp(data + 1024 - 103, "end\0\0\0", 6));
	CHECK_EQ(data[1023], 0);
	close_disk();
	CHECK_EQ(ftruncate(fd, SECTORS * 512), 0);
}

static void expect_broken(const struct buffer *b, unsigned int n)
{
	start();
	queue_add(&queue, b, n);
	queue_kick(&queue);
	CHECK(mmio_get(&blk->dev, MMIO_STATUS) & S_NEEDS_RESET);
	start();
	CHECK_EQ(read_disk(0, ram_get(512), 512), VIRTIO_BLK_S_OK);
}

static uint32_t random_number(void)
{
	static uint32_t state = 1;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void test_broken(void)
{
	struct virtq_used_elem elem;
	uint32_t *words;
	char *ram;
	unsigned int round, i;

	open_disk(false);
	ram = ram_get(1024);
	expect_broken((struct buffer[]){ { ram, 15, false },
					 { ram, 1, true } }, 2);
	expect_broken((struct buffer[]){ { ram, 16, false } }, 1);
	expect_broken((struct buffer[]){ { ram, 16, true } }, 1);
	expect_broken((struct buffer[]){ { ram, 16, false },
					 { ram, 0, true } }, 2);
	expect_broken((struct buffer[]){ { ram, 16, true },
					 { ram, 16, false } }, 2);

	for (round = 0; round < 2000; round++) {
		start();
		words = ram_get(4096);
		for (i = 0; i < 1024; i++)
			words[i] = random_number() % 16;
		for (i = 0; i < QUEUE; i++) {
			uint32_t r = random_number();

			queue.desc[i] = (struct virtq_desc){
				.addr = (uintptr_t)words + r % 4000,
				.len = r >> 16 & 1023,
				.flags = random_number() % 4,
				.next = random_number() % (QUEUE + 1),
			};
			queue.avail->ring[i] = random_number() % (QUEUE + 1);
		}
		for (i = 0; i < 4; i++) {
			atomic_store(&queue.avail->idx,
				     random_number() % (QUEUE + 4));
			mmio_set(&blk->dev, MMIO_NOTIFY, random_number() % 2);
			poll_dispatch();
			while (queue_take(&queue, &elem))
				CHECK(elem.id < QUEUE);
		}
	}
	close_disk();
}

int main(void)
{
	fd = mkstemp(path);
	CHECK(fd >= 0);
	atexit(clean_up);
	CHECK_EQ(ftruncate(fd, SECTORS * 512), 0);
	signal(SIGXFSZ, SIG_IGN);
	CHECK_EQ(poll_init(), 0);

	open_disk(false);
	test_configuration();
	test_transfers();
	test_layouts();
	test_ranges();
	test_parallel();
	test_full();
	test_reset();
	start();
	test_host_errors();
	close_disk();
	test_read_only();
	test_broken();
	return 0;
}
