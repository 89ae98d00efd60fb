package io.jenkins.plugins.distributedtest.collect;

/**
 * A file that tests have left.
 *
 * @param path relative to the workspace, with {@code /} between its parts
 * @param size its length in bytes
 * @param digest the SHA-256 of its content, in hexadecimal digits
 */
public record CollectedFile(String path, long size, String digest) {}
