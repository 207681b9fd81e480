/** What the schemas of scenarios share. */
import { type Static, Type } from "@sinclair/typebox";

const word = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
/** What a {@link ScenarioName} looks like. */
export const scenarioPattern = `^${word}(/${word})?$`;
/** A scenario, with its variant if it has several: `delete-pod/grace-0`. One of another version is kept and shown by its name. */
export const ScenarioName = Type.String({ pattern: scenarioPattern });
/** A flow of messages of {@link flows}, or one of another version. */
export const FlowName = Type.String({ pattern: `^${word}$` });
/** `network` or `volume`. */
export const TopologyName = Type.String({ pattern: `^${word}$` });

/** A duration over injections, in seconds; null: longer than it was watched (censored). */
export const DurationFigure = Type.Object({
    median: Type.Union([Type.Number(), Type.Null()]),
    interval: Type.Optional(
        Type.Tuple([Type.Union([Type.Number(), Type.Null()]), Type.Union([Type.Number(), Type.Null()])], {
            description: "95% CI by order statistics; absent with fewer than 6 injections; null: longer than watched",
        }),
    ),
    censored: Type.Integer({ description: "Injections in which it did not end while it was watched" }),
});
export type DurationFigure = Static<typeof DurationFigure>;

/** A count or a share over injections; its 95% CI by order statistics is absent with fewer than 6 injections. */
export const MedianFigure = Type.Object({
    median: Type.Number(),
    interval: Type.Optional(Type.Tuple([Type.Number(), Type.Number()])),
});
export type MedianFigure = Static<typeof MedianFigure>;
