/** The writer's server process; written next. */
export {};
