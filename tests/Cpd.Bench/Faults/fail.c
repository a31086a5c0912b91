// While the file CPD_FAULT_SWITCH exists, whatever would put bytes into a file under CPD_FAULT_FOLDER fails with the error that the
// file holds: ENOSPC as on a full disk, or EIO as on a broken one. Half of a longer write may be taken first, as a real disk does.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

// The error that is due, or 0. Read without the functions below, which would come back here.
static int due(void) {
    const char *name = getenv("CPD_FAULT_SWITCH");
    if (!name) return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    char text[8] = {0};
    long n = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    return n >= 3 && strncmp(text, "EIO", 3) == 0 ? EIO : ENOSPC;
}

static int inside(const char *path) {
    const char *folder = getenv("CPD_FAULT_FOLDER");
    return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int refuses(int fd) {
    int saved = errno;
    int error = due();
    if (error) {
        char link[64], path[PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, sizeof path - 1);
        if (n <= 0) error = 0;
        else { path[n] = 0; if (!inside(path)) error = 0; }
    }
    errno = error ? error : saved;
    return error;
}

#define REAL(name, type) static type real; if (!real) real = (type)dlsym(RTLD_NEXT, #name)

typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off64_t);
typedef ssize_t (*writev_fn)(int, const struct iovec *, int);
typedef ssize_t (*pwritev_fn)(int, const struct iovec *, int, off64_t);
typedef int (*truncate_fn)(int, off64_t);
typedef int (*sync_fn)(int);
typedef int (*allocate_fn)(int, off64_t, off64_t);

static pwrite_fn real_pwrite(void) { REAL(pwrite64, pwrite_fn); return real; }

ssize_t write(int fd, const void *data, size_t count) {
    if (refuses(fd)) return -1;
    REAL(write, write_fn);
    return real(fd, data, count);
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t at) {
    if (refuses(fd)) {
        int error = errno;
        // A page of the log may get half-way: what is torn there must never be read as whole.
        if (count > 1024) { ssize_t n = real_pwrite()(fd, data, count / 2, at); (void)n; }
        errno = error;
        return -1;
    }
    return real_pwrite()(fd, data, count, at);
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t at) { return pwrite64(fd, data, count, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (refuses(fd)) return -1;
    REAL(writev, writev_fn);
    return real(fd, parts, count);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
    if (refuses(fd)) return -1;
    REAL(pwritev64, pwritev_fn);
    return real(fd, parts, count, at);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev64(fd, parts, count, at); }

int ftruncate64(int fd, off64_t length) {
    struct stat now;
    // A full disk still lets a file become shorter.
    if ((fstat(fd, &now) != 0 || length > now.st_size) && refuses(fd)) return -1;
    REAL(ftruncate64, truncate_fn);
    return real(fd, length);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fsync(int fd) {
    if (refuses(fd)) return -1;
    REAL(fsync, sync_fn);
    return real(fd);
}

int fdatasync(int fd) {
    if (refuses(fd)) return -1;
    REAL(fdatasync, sync_fn);
    return real(fd);
}

int posix_fallocate64(int fd, off64_t at, off64_t length) {
    if (refuses(fd)) return errno;
    REAL(posix_fallocate64, allocate_fn);
    return real(fd, at, length);
}

int posix_fallocate(int fd, off_t at, off_t length) { return posix_fallocate64(fd, at, length); }
