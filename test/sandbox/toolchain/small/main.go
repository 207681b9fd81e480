// A program that takes no time to build.
package main

func main() {}
