/** Time limit, in ms, of what builds the sandbox's programs the first time on a machine. */
export const buildMs = 40 * 60_000;
