// SPDX-License-Identifier: GPL-2.0-or-later
/* The target of a fuzzer (scripts/fuzz), see verdict.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "config.h"
#include "config_keys.h"
#include "message.h"
#include "verdict.h"

static char said[2048];

/* In place of hijack/message.c. */
void message(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(said, sizeof(said), format, ap);
	va_end(ap);
}

void message_die(const char *format, ...)
{
	fprintf(stderr, "%s\n", format);
	abort();
}

const char *config_verdict(const uint8_t *text, size_t size)
{
	static struct config config;
	bool ok;

	said[0] = '\0';
	ok = config_parse(&config, "FILE", "FILE", (const char *)text, size) &&
	     config_check(&config);
	config_forget(&config);
	/* Whoever refuses says why, and says nothing otherwise. */
	if (ok != !said[0])
		abort();
	return ok ? NULL : said;
}

int LLVMFuzzerTestOneInput(const uint8_t *text, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *text, size_t size)
{
	config_verdict(text, size);
	return 0;
}
