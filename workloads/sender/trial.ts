/** The sender's trial process; written next. */
export {};
