package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.process.ProcessContainers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Chooses how a daemon keeps its processes together, and says so. */
final class KeepTogether {
    private KeepTogether() {}

    /**
     * Chooses.
     *
     * @param word what {@code process_containers} says
     * @param directory where small files may be made; made if it is missing
     * @return what was chosen, for people
     * @throws CliException if this host does not have what is wanted
     */
    static String use(String word, Path directory) throws CliException {
        try {
            return ProcessContainers.use(ProcessContainers.Kind.parse(word), Files.createDirectories(directory));
        } catch (IOException e) {
            throw new CliException("process_containers: " + word + " is not to be had on this host: " + e.getMessage()
                    + ". auto takes the best that is there.");
        }
    }
}
