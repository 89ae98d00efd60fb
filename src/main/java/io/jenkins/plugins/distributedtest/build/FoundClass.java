package io.jenkins.plugins.distributedtest.build;

import java.nio.file.Path;

/**
 * A compiled class that a build gives to its test framework.
 *
 * @param name its binary name
 * @param file its class file; null if it is of a dependency
 * @param source its source file; null if it is not among the build's test sources
 */
record FoundClass(String name, Path file, Path source) {}
