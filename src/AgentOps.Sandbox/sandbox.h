/* What the launcher's two halves share: what was asked for, and how it fails. */
#ifndef AGENTOPS_SANDBOX_H
#define AGENTOPS_SANDBOX_H

#include <sys/resource.h>

#define MOST_PATHS 256

struct paths {
    const char *items[MOST_PATHS];
    int trees[MOST_PATHS];
    int count;
};

/* What the command line asks for. */
extern struct paths writable, shown, hidden, pinned;
extern const char *places[MOST_PATHS];
extern int may_network;
extern rlim_t limit_processes;

/* Ends the launcher, with the words and the error that errno tells. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes a text into a file that is there; 0, or -1 with errno. */
int write_text(const char *path, const char *text);

/* Makes the file system that the program sees. Runs inside the namespaces, as their process 1. */
void set_up_files(void);

#endif
