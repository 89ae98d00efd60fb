package io.jenkins.plugins.distributedtest.zuul.publish;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Object storage. */
interface ObjectStore {
    /**
     * Stores a file.
     *
     * @param file the file
     * @param name the object's name
     * @param contentType what it holds
     * @return completes when it is stored; exceptionally, with a message for people, when it is not
     */
    CompletableFuture<Void> put(Path file, String name, String contentType);
}
