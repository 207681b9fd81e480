/** The sender's server process; written next. */
export {};
