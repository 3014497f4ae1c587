// SPDX-License-Identifier: GPL-2.0-only
/* What the service thread does without the LKL CPU (chores.h). */
#include <pthread.h>
#include "chores.h"
#include "poll.h"

/* Of the list; held while a chore is done, so that it can be removed. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct chore *chores;

/* Some chore is wanted. */
static atomic_bool any_wanted;

static atomic_bool ended;

void chore_add(struct chore *chore)
{
	atomic_store(&chore->wanted, false);
	pthread_mutex_lock(&lock);
	chore->next = chores;
	chores = chore;
	pthread_mutex_unlock(&lock);
}

void chore_remove(struct chore *chore)
{
	struct chore **link;

	pthread_mutex_lock(&lock);
	for (link = &chores; *link; link = &(*link)->next) {
		if (*link == chore) {
			*link = chore->next;
			break;
		}
	}
	pthread_mutex_unlock(&lock);
}

void chore_want(struct chore *chore)
{
	atomic_store(&chore->wanted, true);
	if (!atomic_exchange(&any_wanted, true))
		poll_kick(LKL_POLL_SERVICE);
}

static void do_wanted(void)
{
	struct chore *chore;

	for (chore = chores; chore; chore = chore->next)
		if (atomic_exchange(&chore->wanted, false))
			chore->run(chore);
}

void chores_do(void)
{
	if (!atomic_load(&any_wanted))
		return;
	pthread_mutex_lock(&lock);
	if (atomic_exchange(&any_wanted, false) && !ended)
		do_wanted();
	pthread_mutex_unlock(&lock);
}

void chores_end(void)
{
	pthread_mutex_lock(&lock);
	ended = true;
	while (atomic_exchange(&any_wanted, false))
		do_wanted();
	pthread_mutex_unlock(&lock);
}

bool chores_ended(void)
{
	return ended;
}
