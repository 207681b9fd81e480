/** The package has types for the whole of it only. */
declare module "systeminformation/lib/memory.js" {
    export const mem: typeof import("systeminformation").mem;
}
