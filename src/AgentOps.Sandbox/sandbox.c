/*
 * agentops-sandbox [option...] -- program [argument...]
 *
 * Runs a program in namespaces of its own: user, mount, process, IPC, host name and, unless it may use the network, network. It can
 * gain no privilege, sees the file system read-only but for what it is given, sees nothing of what is hidden from it, and none of its
 * processes outlives it, this launcher or the host that started it.
 *
 *   --host PID        ends with this process, which has to be the one that starts it
 *   --work DIR        where the program starts; it may write there
 *   --write PATH      a folder or file that it may write; no part of the path may be a link
 *   --show PATH       a file to be seen though it lies in a temporary folder
 *   --pin PATH PLACE  a file or folder that it may read at PLACE, below /run; no part of the path may be a link
 *   --hide PATH       a folder or file that is not there for the program; wins over --write
 *   --network         the host's network; else a loopback of its own
 *   --processes N  --memory BYTES  --cpu SECONDS  --file-size BYTES  --open-files N
 *   --probe           sets everything up and runs nothing
 *
 * The exit code is the program's, 128 + the signal that ended it, or 125 when it was not started; standard error then says why.
 * A managed process has many threads and can't enter a user namespace; this program has one. It needs Linux 5.12.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"

#define NOT_STARTED 125

struct paths writable, shown, hidden, pinned;
const char *places[MOST_PATHS];
int may_network;
rlim_t limit_processes = 256;

static const char *work;
static char **program;
static int is_probe;
static pid_t host;
static rlim_t limit_memory = RLIM_INFINITY, limit_cpu = RLIM_INFINITY, limit_file = RLIM_INFINITY, limit_open = 1024;
static volatile sig_atomic_t is_ended;

_Noreturn void fail(const char *format, ...)
{
    int error = errno;
    va_list arguments;
    va_start(arguments, format);
    fputs("agentops-sandbox: ", stderr);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, ": %s\n", strerror(error));
    va_end(arguments);
    _exit(NOT_STARTED);
}

static void add(struct paths *paths, const char *path)
{
    if (path[0] != '/' || paths->count == MOST_PATHS) {
        errno = EINVAL;
        fail("the path '%s'", path);
    }
    paths->items[paths->count++] = path;
}

static rlim_t number(const char *text)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text) {
        errno = EINVAL;
        fail("the number '%s'", text);
    }
    return (rlim_t)value;
}

static void read_options(int count, char **arguments)
{
    int i = 1;
    for (; i < count && strcmp(arguments[i], "--") != 0; i++) {
        const char *name = arguments[i];
        if (strcmp(name, "--network") == 0) { may_network = 1; continue; }
        if (strcmp(name, "--probe") == 0) { is_probe = 1; continue; }
        if (++i == count) { errno = EINVAL; fail("the option %s has no value", name); }
        const char *value = arguments[i];
        if (strcmp(name, "--host") == 0) host = (pid_t)number(value);
        else if (strcmp(name, "--work") == 0) { work = value; add(&writable, value); }
        else if (strcmp(name, "--write") == 0) add(&writable, value);
        else if (strcmp(name, "--show") == 0) add(&shown, value);
        else if (strcmp(name, "--hide") == 0) add(&hidden, value);
        else if (strcmp(name, "--pin") == 0) {
            add(&pinned, value);
            if (++i == count || strncmp(arguments[i], "/run/", 5) != 0) { errno = EINVAL; fail("the place of '%s'", value); }
            places[pinned.count - 1] = arguments[i];
        }
        else if (strcmp(name, "--processes") == 0) limit_processes = number(value);
        else if (strcmp(name, "--memory") == 0) limit_memory = number(value);
        else if (strcmp(name, "--cpu") == 0) limit_cpu = number(value);
        else if (strcmp(name, "--file-size") == 0) limit_file = number(value);
        else if (strcmp(name, "--open-files") == 0) limit_open = number(value);
        else { errno = EINVAL; fail("the option %s", name); }
    }
    program = arguments + i + 1;
    if (!is_probe && i + 1 >= count) { errno = EINVAL; fail("no program was named"); }
}

int write_text(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

/* The same account inside as outside, and no other: what belongs to others stays theirs, even for root. */
static void enter_namespaces(void)
{
    char map[64];
    uid_t user = geteuid();
    gid_t group = getegid();
    int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | (may_network ? 0 : CLONE_NEWNET);
    if (unshare(CLONE_NEWUSER | flags) != 0) fail("this system lets this account make no namespaces");
    if (write_text("/proc/self/setgroups", "deny") != 0) fail("groups can't be given up");
    snprintf(map, sizeof map, "%u %u 1", user, user);
    if (write_text("/proc/self/uid_map", map) != 0) fail("the account can't be mapped");
    snprintf(map, sizeof map, "%u %u 1", group, group);
    if (write_text("/proc/self/gid_map", map) != 0) fail("the group can't be mapped");
}

static void raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int channel = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (channel >= 0) {
        (void)ioctl(channel, SIOCSIFFLAGS, &request);
        close(channel);
    }
}

static void limit(int resource, rlim_t most)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) fail("a limit can't be read");
    if (now.rlim_max != RLIM_INFINITY && (most == RLIM_INFINITY || most > now.rlim_max)) most = now.rlim_max;
    now.rlim_cur = now.rlim_max = most;
    if (setrlimit(resource, &now) != 0) fail("a limit can't be set");
}

static void give_up_privileges(void)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NPROC, limit_processes);
    limit(RLIMIT_DATA, limit_memory);
    limit(RLIMIT_CPU, limit_cpu);
    limit(RLIMIT_FSIZE, limit_file);
    limit(RLIMIT_NOFILE, limit_open);
    /* A keyring of its own, in place of the host's. */
    syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL);
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) fail("privileges can't be given up");
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    if (syscall(SYS_capset, &header, none) != 0) fail("privileges can't be given up");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("privileges can't be renounced");
}

static int exit_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Process 1 of the namespace: with it, the kernel ends every process in it. */
static _Noreturn void run_inside(int launcher_life)
{
    /* A launcher that ended before it was followed has closed its end of the pipe. */
    struct pollfd life = {.fd = launcher_life, .events = POLLIN};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail("the launcher can't be followed");
    if (poll(&life, 1, 0) != 0) _exit(NOT_STARTED);
    setsid();
    set_up_files();
    if (!may_network) raise_loopback();
    give_up_privileges();
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    /* Capabilities changed, which forgets whom to follow. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || poll(&life, 1, 0) != 0) _exit(NOT_STARTED);
    if (work != NULL && chdir(work) != 0) fail("the folder '%s' can't be entered", work);
    if (is_probe) _exit(0);

    pid_t child = fork();
    if (child < 0) fail("the program can't be started");
    if (child == 0) {
        sigset_t all;
        sigemptyset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        for (int signal_number = 1; signal_number < 32; signal_number++) signal(signal_number, SIG_DFL);
        execvp(program[0], program);
        fail("the program '%s' can't be started", program[0]);
    }
    for (;;) {
        int status;
        pid_t ended = wait(&status);
        if (ended == child) _exit(exit_code(status));
        if (ended < 0 && errno != EINTR) _exit(NOT_STARTED);
    }
}

static void on_end(int signal_number)
{
    (void)signal_number;
    is_ended = 1;
}

/* Waits for the tree's end; ends it when told to, or when the host is gone. Returns when no process of it is left. */
static int watch(pid_t inside, int host_end)
{
    int inside_end = (int)syscall(SYS_pidfd_open, inside, 0);
    if (inside_end < 0) fail("the program can't be watched");
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before);
    struct sigaction action = {.sa_handler = on_end};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    struct pollfd watched[2] = {{.fd = inside_end, .events = POLLIN}, {.fd = host_end, .events = POLLIN}};
    for (;;) {
        int ready = is_ended ? 0 : ppoll(watched, 2, NULL, &before);
        if (is_ended || (ready > 0 && watched[1].revents != 0)) kill(inside, SIGKILL);
        if (is_ended || ready > 0) break;
        if (ready < 0 && errno != EINTR) kill(inside, SIGKILL);
    }
    int status;
    while (waitpid(inside, &status, 0) < 0)
        if (errno != EINTR) return NOT_STARTED;
    return exit_code(status);
}

int main(int count, char **arguments)
{
    read_options(count, arguments);
    int host_end = -1;
    if (host != 0) {
        host_end = (int)syscall(SYS_pidfd_open, host, 0);
        if (host_end < 0 || getppid() != host) { errno = ESRCH; fail("the host is gone"); }
    }
    int life[2];
    if (pipe2(life, O_CLOEXEC) != 0) fail("a pipe can't be made");
    enter_namespaces();
    pid_t inside = fork();
    if (inside < 0) fail("a process can't be started");
    if (inside == 0) {
        close(life[1]);
        run_inside(life[0]);
    }
    /* The launcher needs neither input nor output any more; their ends belong to the program alone. */
    close(0);
    close(1);
    return watch(inside, host_end);
}
