import { chains, mainArms, specOf } from "../model/arms.ts";
import type { Attribution } from "../model/results.ts";
import type { Estimate, Estimates } from "./estimate.ts";
import { contributionOf, halfWidth } from "./ratio.ts";
import { rounded } from "./rounding.ts";

type Part = Attribution["parts"][number];
/** An arm of a chain: its median, and the cause that the next arm lacks. */
interface Link {
    cause: string;
    median: Estimate;
}

/**
 * Where the time of the slower main arm goes: each ablation arm of its chain lacks one more cause than the arm before, so
 * their difference is the time of that cause, and the time of the last arm is the rest.
 * @param sizes ascending; sizes at which an arm of the chain has no median are left out
 */
export function attributionsOf(sizes: readonly number[], medians: Estimates): Attribution[] {
    return sizes.flatMap((size): Attribution[] => {
        const [network, volume] = [medians(mainArms.network, size), medians(mainArms.volume, size)];
        if (network === undefined || volume === undefined) return [];
        const { arms, rest } = volume.seconds > network.seconds ? chains.volume : chains.network;
        const links = arms.flatMap((arm: string, position): Link[] => {
            const next: string | undefined = arms[position + 1];
            const median = medians(arm, size);
            return median === undefined ? [] : [{ cause: next === undefined ? rest : causeOf(next), median }];
        });
        if (links.length < arms.length) return [];
        return [{ size, arm: arms[0], parts: links.map((_, position) => partOf(links, position)) }];
    });
}

/**
 * The share of a cause in the main arm's median: (median of its link - median of the next link) / median of the main arm.
 * Its interval is computed like a ratio's: the medians are independent, so their bootstrap variances are propagated
 * with the gradients of the share, with Welch's degrees of freedom. The first part's share is 1 minus a ratio and the
 * last part's is a ratio; their intervals are symmetrical here instead of in the logarithm, so that all parts are judged
 * in the same way (and a part within the noise can be below 0). Simulated coverage as for the ratio: 93 to 99%.
 */
function partOf(links: readonly Link[], position: number): Part {
    const { cause, median } = links[position] as Link;
    const main = (links[0] as Link).median;
    const next = links[position + 1]?.median;
    const [before, after] = [median.seconds / main.seconds, (next?.seconds ?? 0) / main.seconds];
    const share = before - after;
    const half = halfWidth([
        // The first link is the main arm itself: `before` is 1, whatever its median is.
        ...(position === 0
            ? [contributionOf(main, after)]
            : [contributionOf(main, share), contributionOf(median, before)]),
        ...(next === undefined ? [] : [contributionOf(next, after)]),
    ]);
    return {
        cause,
        seconds: rounded(share * main.seconds),
        share: rounded(share),
        ...(half === undefined ? {} : { interval: [rounded(share - half), rounded(share + half)] }),
    };
}

/** The cause that the next arm lacks, as declared in arms.ts. */
function causeOf(arm: string): string {
    const { cause } = specOf(arm);
    if (cause === undefined) throw new Error(`${arm} is in a chain and has no cause in arms.ts`);
    return cause;
}
