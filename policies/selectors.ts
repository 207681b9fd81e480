/** A label selector. */
export interface Selector {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Whether a selector matches these labels; an empty one matches everything. */
export function selects(
    { matchLabels = {}, matchExpressions = [] }: Selector,
    labels: Record<string, string>,
): boolean {
    return (
        Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
        matchExpressions.every(({ key, operator, values = [] }) => {
            const value = labels[key];
            if (operator === "Exists") return value !== undefined;
            if (operator === "DoesNotExist") return value === undefined;
            const isOne = value !== undefined && values.includes(value);
            return operator === "In" ? isOne : !isOne;
        })
    );
}
