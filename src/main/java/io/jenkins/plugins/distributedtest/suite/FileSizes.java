package io.jenkins.plugins.distributedtest.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** How large the files of a suite are, which says a little of how long one takes that has never run. */
@FunctionalInterface
public interface FileSizes {
    /** Where the files are not at hand. */
    FileSizes UNKNOWN = file -> -1;

    /**
     * The size of a file.
     *
     * @return in bytes; negative if it is not known
     */
    long bytes(TestFile file);

    /** The sizes of files in a project's directory. */
    static FileSizes in(Path project) {
        return file -> {
            try {
                return Files.size(project.resolve(file.path()));
            } catch (IOException | InvalidPathException e) {
                return -1; // it is no file, such as a class that a build names, or is gone
            }
        };
    }
}
