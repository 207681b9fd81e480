/** The reader's server process; written next. */
export {};
