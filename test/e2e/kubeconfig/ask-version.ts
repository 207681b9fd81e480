/** Logs in to a context and asks its server for the version, as the commands do. Exits 1 if that fails. */
import { logIn } from "../../../cli/checks/log-in.ts";
import { checkServer } from "../../../cli/checks/server.ts";

const [context = "", kubeconfig] = process.argv.slice(2);
const { signal } = new AbortController();
const loggedIn = await logIn({ context, kubeconfig }, "look", signal);
const trouble = loggedIn.cluster === undefined ? loggedIn.context : loggedIn.trouble;
const outcome = trouble ?? (loggedIn.cluster && (await checkServer(loggedIn.cluster, signal)));
console.error(outcome?.detail);
process.exit(outcome?.state === "ok" ? 0 : 1);
