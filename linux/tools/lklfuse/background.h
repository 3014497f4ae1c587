/* SPDX-License-Identifier: GPL-2.0-only */
/* Going on without a terminal. */
#ifndef LKLFUSE_BACKGROUND_H
#define LKLFUSE_BACKGROUND_H

/**
 * background_start() - the caller goes on as a child in a session of its own
 *
 * The parent waits until background_ready(), or until the child ends, and ends
 * with its exit status. To be called before there are threads. Ends the program
 * when it fails.
 */
void background_start(void);

/**
 * background_ready() - what the parent waits for is done
 *
 * Errors are of no use on the terminal from now on.
 */
void background_ready(void);

#endif
