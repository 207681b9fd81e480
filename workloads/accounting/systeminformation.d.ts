/** The package has types only for the whole package. */
declare module "systeminformation/lib/memory.js" {
    export const mem: typeof import("systeminformation").mem;
}
