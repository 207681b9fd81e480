/** The node's limits behind the kernel's codes, by which a user can watch nothing more: https://man7.org/linux/man-pages/man7/inotify.7.html. */
export const inotifyLimits: Readonly<Record<string, string>> = {
    EMFILE: "fs.inotify.max_user_instances",
    ENOSPC: "fs.inotify.max_user_watches",
};
