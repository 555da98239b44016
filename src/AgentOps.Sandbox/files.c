/* The file system of the sandbox: read-only but for what the program is given, and without what is hidden from it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox.h"

/* From <sys/mount.h>, which can't be included beside <linux/mount.h>. */
int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);

#define MOST_DEVICES 6

static const char *const devices[MOST_DEVICES] = {"null", "zero", "full", "random", "urandom", "tty"};

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

void set_up_files(void)
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
