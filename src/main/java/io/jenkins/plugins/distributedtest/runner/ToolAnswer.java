package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.List;

/**
 * What a project's own test tool says of its suite.
 *
 * @param files the files that it would run
 * @param notes what people should know of such a run, a line each
 * @param passesWithoutTests whether its own command passes when no test is run: as there are no files, or none of them has
 *     one
 */
public record ToolAnswer(List<TestFile> files, List<String> notes, boolean passesWithoutTests) {
    /** Copies the lists. */
    public ToolAnswer {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }
}
