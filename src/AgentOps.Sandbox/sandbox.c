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
#include <linux/mount.h>
#include <linux/openat2.h>
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
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* From <sys/mount.h>, which can't be included beside <linux/mount.h>. */
int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);

#define NOT_STARTED 125
#define MOST_PATHS 256
#define MOST_DEVICES 6

static const char *const devices[MOST_DEVICES] = {"null", "zero", "full", "random", "urandom", "tty"};

struct paths {
    const char *items[MOST_PATHS];
    int trees[MOST_PATHS];
    int count;
};

static struct paths writable, shown, hidden, pinned;
static const char *places[MOST_PATHS];
static const char *work;
static char **program;
static int may_network, is_probe;
static pid_t host;
static rlim_t limit_processes = 256, limit_memory = RLIM_INFINITY, limit_cpu = RLIM_INFINITY, limit_file = RLIM_INFINITY, limit_open = 1024;
static volatile sig_atomic_t is_ended;

static _Noreturn void fail(const char *format, ...)
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

static int write_text(const char *path, const char *text)
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

/* A detached copy of what lies at a path, so that mounts over the folders above it don't take it away. */
static int clone_tree(const char *path, int allows_links)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = allows_links ? 0 : RESOLVE_NO_SYMLINKS};
    int place = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    if (place < 0) return -1;
    int tree = (int)syscall(SYS_open_tree, place, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
    int error = errno;
    close(place);
    errno = error;
    return tree;
}

static void clone_all(struct paths *paths, int allows_links, int must_exist)
{
    for (int i = 0; i < paths->count; i++) {
        paths->trees[i] = clone_tree(paths->items[i], allows_links);
        if (paths->trees[i] < 0 && (must_exist || errno != ENOENT)) fail("'%s' can't be given to the program", paths->items[i]);
    }
}

static void make_parents(char *path, int is_folder)
{
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            mkdir(path, 0755);
            *at = '/';
        }
    }
    if (is_folder) mkdir(path, 0755);
    else { int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600); if (file >= 0) close(file); }
}

static void set_readonly(int place, const char *path, int is_readonly, int is_recursive)
{
    struct mount_attr change = {.attr_set = MOUNT_ATTR_NOSUID | (is_readonly ? MOUNT_ATTR_RDONLY : 0), .attr_clr = is_readonly ? 0 : MOUNT_ATTR_RDONLY};
    if (syscall(SYS_mount_setattr, place, path, AT_EMPTY_PATH | (is_recursive ? AT_RECURSIVE : 0), &change, sizeof change) != 0)
        fail("'%s' can't be made %s", path[0] != '\0' ? path : "what the program is given", is_readonly ? "read-only" : "writable");
}

static void attach_all(struct paths *paths, int is_readonly)
{
    for (int i = 0; i < paths->count; i++) {
        if (paths->trees[i] < 0) continue;
        struct stat status;
        if (fstat(paths->trees[i], &status) != 0) fail("'%s' can't be looked at", paths->items[i]);
        char path[4096];
        if (snprintf(path, sizeof path, "%s", paths->items[i]) >= (int)sizeof path) { errno = ENAMETOOLONG; fail("'%s'", paths->items[i]); }
        make_parents(path, S_ISDIR(status.st_mode));
        set_readonly(paths->trees[i], "", is_readonly, 0);
        if (syscall(SYS_move_mount, paths->trees[i], "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) != 0) fail("'%s' can't be given to the program", path);
        close(paths->trees[i]);
    }
}

static void mount_new(const char *type, const char *path, unsigned long flags, const char *options)
{
    if (mount(type, path, type, MS_NOSUID | MS_NODEV | flags, options) != 0) fail("a new '%s' can't be mounted", path);
}

static void hide_all(void)
{
    for (int i = 0; i < hidden.count; i++) {
        struct stat status;
        if (stat(hidden.items[i], &status) != 0) {
            if (errno == ENOENT || errno == EACCES || errno == ENOTDIR) continue;
            fail("'%s' can't be hidden", hidden.items[i]);
        }
        if (S_ISDIR(status.st_mode)) mount_new("tmpfs", hidden.items[i], MS_RDONLY | MS_NOEXEC, "size=4k,nr_inodes=1,mode=0555");
        else if (mount("/dev/null", hidden.items[i], NULL, MS_BIND, NULL) != 0) fail("'%s' can't be hidden", hidden.items[i]);
    }
}

/* Only devices that reach nothing: no disk, no memory, no terminal of someone else. */
static void replace_devices(const int *trees)
{
    mount_new("tmpfs", "/dev", MS_NOEXEC, "size=64k,mode=0755");
    for (int i = 0; i < MOST_DEVICES; i++) {
        char path[32];
        snprintf(path, sizeof path, "/dev/%s", devices[i]);
        int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
        if (file >= 0) close(file);
        if (trees[i] >= 0 && syscall(SYS_move_mount, trees[i], "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) != 0) fail("'%s' can't be mounted", path);
    }
    if (symlink("/proc/self/fd", "/dev/fd") != 0 || symlink("/proc/self/fd/0", "/dev/stdin") != 0
        || symlink("/proc/self/fd/1", "/dev/stdout") != 0 || symlink("/proc/self/fd/2", "/dev/stderr") != 0 || mkdir("/dev/shm", 01777) != 0)
        fail("/dev can't be made");
    mount_new("tmpfs", "/dev/shm", MS_NOEXEC, "size=64m,mode=1777");
}

static void replace_temporary(const char *path, const char *options)
{
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) mount_new("tmpfs", path, 0, options);
}

static void set_up_files(void)
{
    /* What names are resolved with lies there on many systems; the sockets beside it stay away. */
    struct paths resolvers = {.items = {"/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager"}, .count = may_network ? 3 : 0};
    int trees[MOST_DEVICES];
    for (int i = 0; i < MOST_DEVICES; i++) {
        char path[32];
        snprintf(path, sizeof path, "/dev/%s", devices[i]);
        trees[i] = clone_tree(path, 1);
    }
    clone_all(&writable, 0, 1);
    clone_all(&shown, 1, 1);
    clone_all(&pinned, 0, 1);
    clone_all(&resolvers, 1, 0);

    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("mounts can't be made private");
    set_readonly(AT_FDCWD, "/", 1, 1);
    replace_devices(trees);
    replace_temporary("/tmp", "size=256m,mode=1777");
    replace_temporary("/var/tmp", "size=64m,mode=1777");
    replace_temporary("/run", "size=1m,mode=0755");
    attach_all(&resolvers, 1);
    attach_all(&shown, 1);
    attach_all(&writable, 0);
    for (int i = 0; i < pinned.count; i++) pinned.items[i] = places[i];
    attach_all(&pinned, 1);
    hide_all();

    /* A tree of processes that is full ends a fork bomb; no further namespaces, which would give privileges back. */
    mount_new("proc", "/proc", MS_NOEXEC, NULL);
    char most[24];
    snprintf(most, sizeof most, "%llu", (unsigned long long)(limit_processes < 301 ? 301 : limit_processes));
    write_text("/proc/sys/kernel/pid_max", most);
    if (write_text("/proc/sys/user/max_user_namespaces", "0") != 0) fail("further namespaces can't be forbidden");
    set_readonly(AT_FDCWD, "/proc", 1, 0);
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
