/* SPDX-License-Identifier: GPL-2.0-only */
/* Standard input, output and error of a program that has been given none. */
#ifndef LKL_TOOLS_IMAGE_STANDARD_FDS_H
#define LKL_TOOLS_IMAGE_STANDARD_FDS_H

/**
 * standard_fds_occupy() - lets no file become one of them that is opened later
 *
 * Messages would be written into it. To read or write those that were closed
 * fails as before.
 */
void standard_fds_occupy(void);

#endif
