// Pulumi loads a pack's main file through ts-node, which refuses imports that end in `.ts`; from here on Node reads the files.
import "./index.ts";
