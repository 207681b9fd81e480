/** The reader's trial process; written next. */
export {};
