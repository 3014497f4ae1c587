// SPDX-License-Identifier: GPL-2.0-or-later
/* tree make DIRECTORY WITHOUT | tree compare DIRECTORY DIRECTORY WITHOUT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tree.h"

static const struct {
	const char *word;
	unsigned int bit;
} words[] = {
	{ "owners", NO_OWNERS },
	{ "modes", NO_MODES },
	{ "xattrs", NO_XATTRS },
	{ "symlinks", NO_SYMLINKS },
	{ "links", NO_LINKS },
	{ "specials", NO_SPECIALS },
	{ "sparse", NO_SPARSE },
	{ "nsec", NO_NSEC },
	{ "odd-seconds", NO_ODD_SECONDS },
	{ "before-1970", NO_BEFORE_1970 },
	{ "before-1980", NO_BEFORE_1980 },
	{ "after-2105", NO_AFTER_2105 },
	{ "long-names", NO_LONG_NAMES },
	{ "big-minors", NO_BIG_MINORS },
	{ "acls", NO_ACLS },
};

/* A list of words as a set of bits; exits if one is none. */
static unsigned int without_of(const char *list)
{
	char *copy = strdup(list), *word;
	unsigned int without = 0;
	size_t i;

	for (word = strtok(copy, ","); word; word = strtok(NULL, ",")) {
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (!strcmp(words[i].word, word))
				break;
		if (i == sizeof(words) / sizeof(words[0])) {
			fprintf(stderr, "tree: there is no '%s'\n", word);
			exit(2);
		}
		without |= words[i].bit;
	}
	free(copy);
	return without;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "make"))
		tree_make(argv[2], without_of(argv[3]));
	else if (argc == 5 && !strcmp(argv[1], "compare"))
		tree_compare(argv[2], argv[3], without_of(argv[4]));
	else
		exit(2);
	return 0;
}
