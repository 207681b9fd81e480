/** The writer's trial process; written next. */
export {};
