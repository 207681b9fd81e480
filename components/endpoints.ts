/** Where the agent of one role is reached. */
export interface Endpoint {
    /** Base URL, e.g. `http://net-sender:7070`; resolves within the namespace. */
    agent: string;
}

/** Where both sides of a topology are reached. */
export interface Endpoints {
    initiator: Endpoint;
    responder: Endpoint;
}

/** Where the network topology is reached. */
export interface NetworkEndpoints extends Endpoints {
    /** Where the sender POSTs, e.g. `http://net-receiver:8080/upload`. */
    uploadUrl: string;
}
