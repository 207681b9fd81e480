/** The receiver's trial process; written next. */
export {};
