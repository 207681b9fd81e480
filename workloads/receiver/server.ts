/** The receiver's server process; written next. */
export {};
