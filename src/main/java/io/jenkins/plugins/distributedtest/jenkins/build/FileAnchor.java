package io.jenkins.plugins.distributedtest.jenkins.build;

import java.nio.charset.StandardCharsets;

/** The place of a file on the page of its run: {@code #file-} and its path, percent-encoded. */
final class FileAnchor {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

    private FileAnchor() {}

    /**
     * The fragment of an address that leads to a file.
     *
     * @param path the file's path, any text
     */
    static String of(String path) {
        StringBuilder fragment = new StringBuilder("#file-");
        for (byte one : path.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(one) >= 0) {
                fragment.append((char) one);
            } else {
                fragment.append(String.format("%%%02X", one & 0xff));
            }
        }
        return fragment.toString();
    }
}
