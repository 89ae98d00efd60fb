package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.Objects;

/**
 * A test case as one of the two sides tells of it.
 *
 * @param runner name of the runner that its file belongs to; {@link #ANY} where a command of the user's ran it
 * @param file its file, by its path in the tree; null if that is not known
 * @param group its class, describe block or module; possibly empty
 * @param name its name within the group
 * @param status what came of it
 * @param message why it is bad or was skipped, for people; never null
 */
public record ComparedCase(String runner, TestFile file, String group, String name, CaseStatus status, String message) {
    /** The runner of cases from reports that tell of no framework. */
    public static final String ANY = "any";

    /** Checks what must be there, replaces a missing message. */
    public ComparedCase {
        Objects.requireNonNull(runner, "runner");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(status, "status");
        message = Objects.requireNonNullElse(message, "");
    }

    /**
     * What came of it in a word. Frameworks' own reports do not all tell an error from a failed assertion, so both count as
     * failed.
     */
    public String outcome() {
        return status == CaseStatus.PASSED ? "passed" : status == CaseStatus.SKIPPED ? "skipped" : "failed";
    }

    /** Group and name, for people. */
    public String title() {
        return group.isEmpty() ? name : group + " " + name;
    }

    /** The same by another runner. */
    ComparedCase by(String other) {
        return new ComparedCase(other, file, group, name, status, message);
    }

    /** The same by another name. */
    ComparedCase called(String otherGroup, String otherName) {
        return new ComparedCase(runner, file, otherGroup, otherName, status, message);
    }

    /** The same of a file. */
    ComparedCase of(TestFile other) {
        return new ComparedCase(runner, other, group, name, status, message);
    }
}
