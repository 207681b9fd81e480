/* The reference for volume/fs-watch: the same handshake over files, written in C against inotify.
 *
 * Two processes. The writer writes DIR/tmp/N and renames it to DIR/ready/N; the reader's inotify event wakes it, it reads
 * the whole file into one buffer and creates DIR/ack/N; that event wakes the writer, which takes the time. Files are
 * deleted outside the timed window.
 *
 *     cc -O2 -o inotify inotify.c && ./inotify DIR SIZE_BYTES SECONDS
 *
 * Prints one line: round trips, then their median in nanoseconds. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ROUNDS = 1 << 20, BATCH = 64 };

static void die(const char *what) {
    fprintf(stderr, "inotify: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Opens a watch on one directory for one kind of event. */
static int watch(const char *folder, unsigned mask) {
    int fd = inotify_init1(IN_CLOEXEC);
    if (fd < 0 || inotify_add_watch(fd, folder, mask) < 0) die(folder);
    return fd;
}

/* Waits for the event that names this round. */
static void await(int fd, long round) {
    char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    for (;;) {
        ssize_t length = read(fd, buffer, sizeof buffer);
        if (length <= 0) die("read events");
        for (char *at = buffer; at < buffer + length;) {
            struct inotify_event *event = (struct inotify_event *)at;
            if (event->len > 0 && atol(event->name) == round) return;
            at += sizeof *event + event->len;
        }
    }
}

static void answer(const char *folder, int events, char *buffer, size_t size) {
    char path[512];
    for (long round = 0;; round++) {
        await(events, round);
        snprintf(path, sizeof path, "%s/ready/%ld", folder, round);
        int file = open(path, O_RDONLY);
        if (file < 0) die(path);
        for (size_t done = 0; done < size;) {
            ssize_t part = read(file, buffer + done, size - done);
            if (part <= 0) die(path);
            done += part;
        }
        close(file);
        snprintf(path, sizeof path, "%s/ack/%ld", folder, round);
        int ack = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (ack < 0) die(path);
        close(ack);
    }
}

static void removeRounds(const char *folder, long from, long to) {
    char path[512];
    for (long round = from; round < to; round++) {
        snprintf(path, sizeof path, "%s/ready/%ld", folder, round);
        unlink(path);
        snprintf(path, sizeof path, "%s/ack/%ld", folder, round);
        unlink(path);
    }
}

static int ascending(const void *a, const void *b) {
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: inotify DIR SIZE_BYTES SECONDS\n");
        return 2;
    }
    const char *folder = argv[1];
    size_t size = strtoul(argv[2], NULL, 10);
    double seconds = atof(argv[3]);
    char path[512], ready[512];
    const char *parts[] = {"tmp", "ready", "ack"};
    for (int part = 0; part < 3; part++) {
        snprintf(path, sizeof path, "%s/%s", folder, parts[part]);
        if (mkdir(path, 0700) < 0) die(path);
    }
    snprintf(path, sizeof path, "%s/ready", folder);
    int payloads = watch(path, IN_MOVED_TO);
    snprintf(path, sizeof path, "%s/ack", folder);
    int acks = watch(path, IN_CREATE);
    char *buffer = malloc(size);
    long long *times = calloc(MOST_ROUNDS, sizeof *times);
    if (!buffer || !times) die("memory");
    memset(buffer, 0x68, size);

    pid_t reader = fork();
    if (reader < 0) die("fork");
    if (reader == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        answer(folder, payloads, buffer, size);
    }

    /* The first quarter of the time is the warm-up and isn't kept. */
    long long begin = now(), keepFrom = begin + (long long)(seconds * 0.25e9), end = begin + (long long)(seconds * 1e9);
    long kept = 0, removed = 0, most = size > 65536 ? 1 : BATCH;
    for (long round = 0; now() < end && kept < MOST_ROUNDS; round++) {
        long long start = now();
        snprintf(path, sizeof path, "%s/tmp/%ld", folder, round);
        int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (file < 0) die(path);
        for (size_t done = 0; done < size;) {
            ssize_t part = write(file, buffer + done, size - done);
            if (part <= 0) die(path);
            done += part;
        }
        close(file);
        snprintf(ready, sizeof ready, "%s/ready/%ld", folder, round);
        if (rename(path, ready) < 0) die(ready);
        await(acks, round);
        long long took = now() - start;
        if (start >= keepFrom) times[kept++] = took;
        if (round + 1 - removed >= most) {
            removeRounds(folder, removed, round + 1);
            removed = round + 1;
        }
    }
    kill(reader, SIGKILL);
    waitpid(reader, NULL, 0);
    if (kept == 0) {
        fprintf(stderr, "inotify: no round trip in %g s\n", seconds);
        return 1;
    }
    qsort(times, kept, sizeof *times, ascending);
    printf("%ld %lld\n", kept, times[kept / 2]);
    return 0;
}
