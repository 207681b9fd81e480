/**
 * Waits for work that can be abandoned at any moment, unless the user cancels. What the work has done is not undone.
 * @param cancel aborted on Ctrl-C
 * @returns what `work` returns
 * @throws the reason of `cancel` as soon as it is aborted; else what `work` throws
 */
export async function unlessCancelled<T>(work: Promise<T>, cancel: AbortSignal): Promise<T> {
    const cancelled = new Promise<never>((_resolve, reject) => {
        if (cancel.aborted) reject(cancel.reason);
        cancel.addEventListener("abort", () => reject(cancel.reason), { once: true });
    });
    return await Promise.race([work, cancelled]);
}
