/** The driver process; written next. */
export {};
