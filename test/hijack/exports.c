// SPDX-License-Identifier: GPL-2.0-or-later
/* The library exports the names of names.def and lkl_*, all of them, no other. */
#include <ctype.h>
#include "run.h"

/* Whether names.def has a row for @name. */
static int listed(const char *name)
{
	char line[256], row[4][300];
	FILE *f = fopen(NAMES_DEF, "r");
	int found = 0;

	CHECK(f);
	snprintf(row[0], sizeof(row[0]), "NAME(%s)\n", name);
	snprintf(row[1], sizeof(row[1]), "OWN(%s)\n", name);
	snprintf(row[2], sizeof(row[2]), "ALIAS(%s, ", name);
	snprintf(row[3], sizeof(row[3]), "LIBURING(%s)\n", name);
	while (fgets(line, sizeof(line), f))
		found |= !strcmp(line, row[0]) || !strcmp(line, row[1]) ||
			 !strcmp(line, row[3]) ||
			 !strncmp(line, row[2], strlen(row[2]));
	fclose(f);
	return found;
}

static int rows(void)
{
	FILE *f = fopen(NAMES_DEF, "r");
	char line[256];
	int n = 0;

	CHECK(f);
	while (fgets(line, sizeof(line), f))
		n += !strncmp(line, "NAME(", 5) ||
		     !strncmp(line, "OWN(", 4) || !strncmp(line, "ALIAS(", 6) ||
		     !strncmp(line, "LIBURING(", 9);
	fclose(f);
	return n;
}

int main(void)
{
	char command[4200], name[256];
	int names = 0, bad = 0;
	FILE *nm;

	snprintf(command, sizeof(command),
		 "nm -D --defined-only '%s' | cut -d' ' -f3", library());
	nm = popen(command, "r");
	CHECK(nm);
	while (fgets(name, sizeof(name), nm)) {
		name[strcspn(name, "@\n")] = '\0';
		if (!strncmp(name, "lkl_", 4))
			continue;
		names++;
		if (!listed(name)) {
			printf("%s is exported but not in names.def\n", name);
			bad = 1;
		}
	}
	CHECK_EQ(pclose(nm), 0);
	CHECK_EQ(names, rows());
	CHECK(names > 100);
	return bad;
}
