/** A share over injections, 0 to 1. */
interface Figure {
    median: number;
    interval?: readonly [number, number] | undefined;
}

/** A share with its interval if that differs: `27% [25% to 30%]`, `100%`. */
export function shareWithInterval({ median, interval }: Figure): string {
    const whole = (share: number) => `${Math.round(100 * share)}%`;
    const ends = interval?.map(whole) ?? [];
    return ends.every((end) => end === whole(median)) ? whole(median) : `${whole(median)} [${ends.join(" to ")}]`;
}
