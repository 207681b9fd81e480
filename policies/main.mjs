// Pulumi requires a pack's main file through ts-node, which takes no ES modules: from here on Node reads the files itself.
import "./index.ts";
